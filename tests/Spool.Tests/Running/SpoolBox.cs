using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Spool.Shipping;
using ApiSvc.SpoolChild;
using ApiSvc.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiSvc.Spool.Tests.Running;

/// <summary>A spool in a folder of its own, that can be left and opened again.</summary>
internal sealed class SpoolBox : IDisposable
{
    private RecordSpool? _spool;

    public SpoolBox(string? folder = null) =>
        Options = new()
        {
            Folder = folder ?? Directory.CreateTempSubdirectory("spool-").FullName,
            Lanes = 2,
            SegmentBytes = 1 << 20,
            MaxBytes = 1 << 30,
        };

    public SpoolOptions Options { get; }

    public RecordSpool Spool =>
        _spool ??= RecordSpool.Open(Options, TimeProvider.System, NullLogger<RecordSpool>.Instance);

    public string Folder => Options.Folder;

    public IEnumerable<string> Segments =>
        Directory.EnumerateFiles(Folder, "*.segment").Order(StringComparer.Ordinal);

    /// <summary>Closes it; the next use opens it again.</summary>
    public void Leave()
    {
        _spool?.Dispose();
        _spool = null;
    }

    /// <summary>Its folder as it would be found if the process were killed now.</summary>
    public SpoolBox AfterKill()
    {
        var copy = new SpoolBox();
        (copy.Options.Lanes, copy.Options.SegmentBytes, copy.Options.MaxBytes) = (
            Options.Lanes,
            Options.SegmentBytes,
            Options.MaxBytes
        );
        foreach (var file in Directory.GetFiles(Folder))
        {
            try
            {
                if (Path.GetFileName(file) != "lock")
                {
                    File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
                }
            }
            catch (FileNotFoundException)
            {
                // The keeper removed it meanwhile: a kill a moment later would not have found it either.
            }
        }

        return copy;
    }

    /// <summary>Appends a record, once there is room.</summary>
    public async Task<SpoolPosition> AppendAsync(ulong number)
    {
        if (Spool.Lanes.Any(l => l.Appender?.NeedsSegment == true))
        {
            await Eventually.HoldsAsync(
                () => Spool.Lanes.All(l => l.Appender?.NeedsSegment != true),
                "every lane has a segment in reserve"
            );
        }

        return TryAppend(number) ?? throw new InvalidOperationException("There was no room.");
    }

    public SpoolPosition? TryAppend(ulong number) =>
        Spool.TryAppend(NumberedRecord.MaxLength, number, NumberedRecord.Write, out var position)
            ? position
            : null;

    /// <summary>All that can be read, by lane and sequence, as numbers. Each record is as it was written.</summary>
    public SortedDictionary<(int Lane, ulong Sequence), ulong> Read()
    {
        var all = new SortedDictionary<(int, ulong), ulong>();
        foreach (var batch in Batches())
        {
            Take(CallRecordBatch.Parser.ParseFrom(batch.Value), all);
        }

        return all;
    }

    /// <summary>All batches that there are now.</summary>
    public IEnumerable<Batch> Batches(int limit = ShippingOptions.LargestBatch)
    {
        foreach (var lane in Spool.Lanes)
        {
            var reader = new LaneReader(lane);
            while (reader.Read(limit) is { } batch)
            {
                reader.Pass(batch);
                yield return batch;
            }
        }
    }

    public static void Take(
        CallRecordBatch batch,
        SortedDictionary<(int Lane, ulong Sequence), ulong> all
    )
    {
        var sequence = batch.FirstSequence;
        foreach (var record in batch.Records)
        {
            record.Path.ShouldBe(NumberedRecord.PathOf(record.BytesIn));
            all.Add(((int)batch.Lane, sequence++), record.BytesIn);
        }
    }

    public void Dispose()
    {
        Leave();
        Directory.Delete(Folder, recursive: true);
    }
}
