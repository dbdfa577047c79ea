using System.Buffers.Binary;
using System.Globalization;
using ApiSvc.Spool;
using ApiSvc.SpoolChild;
using Microsoft.Extensions.Logging.Abstractions;

// SpoolChild FOLDER THREADS: writes lane (4 bytes) and sequence (8) of every record that was appended, and to the other
// output when the disk is full and when it is not any more.
using var spool = RecordSpool.Open(
    new()
    {
        Folder = args[0],
        Lanes = 2,
        SegmentBytes = 4 << 20,
        MaxBytes = 8L << 30,
    },
    TimeProvider.System,
    NullLogger<RecordSpool>.Instance
);
var threads = Enumerable
    .Range(0, int.Parse(args[1], CultureInfo.InvariantCulture))
    .Select(_ => new Thread(Append))
    .ToList();
threads.ForEach(t => t.Start());
threads.ForEach(t => t.Join());

void Append()
{
    using var output = Console.OpenStandardOutput();
    Span<byte> said = stackalloc byte[12];
    var wasFull = false;
    for (var number = 1UL; ; number++)
    {
        if (
            spool.TryAppend(
                NumberedRecord.MaxLength,
                number,
                NumberedRecord.Write,
                out var position
            )
        )
        {
            BinaryPrimitives.WriteInt32LittleEndian(said, position.Lane);
            BinaryPrimitives.WriteUInt64LittleEndian(said[4..], position.Sequence);
            output.Write(said);
            Note(isFull: false);
        }
        else
        {
            Note(spool.Status.Failure is not null);
        }

        void Note(bool isFull)
        {
            if (isFull != wasFull)
            {
                wasFull = isFull;
                Console.Error.WriteLine(isFull ? "full" : "again");
            }
        }
    }
}
