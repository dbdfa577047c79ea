using ApiSvc.Spool.Wire;

namespace ApiSvc.SpoolChild;

/// <summary>A call record of which every byte follows from one number: 1 to 400 letters of path, and the number as bytes in.</summary>
public static class NumberedRecord
{
    /// <summary>No record is longer.</summary>
    public const int MaxLength = 512;

    private const int BytesInField = 7;
    private const int PathField = 14;

    /// <summary>Writes it.</summary>
    public static int Write(ulong number, Span<byte> room)
    {
        Span<byte> path = stackalloc byte[LengthOf(number)];
        path.Fill(LetterOf(number));
        var record = new ProtoWriter(room);
        record.Number(BytesInField, number);
        record.Text(PathField, path, MaxLength);
        return record.Length;
    }

    /// <summary>The path that belongs to a number.</summary>
    public static string PathOf(ulong number) => new((char)LetterOf(number), LengthOf(number));

    private static byte LetterOf(ulong number) => (byte)('a' + (number % 26));

    private static int LengthOf(ulong number) => 1 + (int)(number * 7919 % 400);
}
