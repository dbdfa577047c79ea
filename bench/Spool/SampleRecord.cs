using ApiSvc.Spool.Wire;

namespace ApiSvc.Bench;

/// <summary>A call record as an ordinary call makes it.</summary>
internal static class SampleRecord
{
    // What the gateway asks for: the longest that a record can be.
    public const int MaxLength = 8_192;

    private static readonly Guid Some = Guid.NewGuid();

    public static int Length { get; } = Write(Some, new byte[MaxLength]);

    public static int Write(Guid id, Span<byte> room)
    {
        var record = new ProtoWriter(room);
        record.Id(1, id);
        record.Number(2, 1_764_000_000_000_000);
        record.Number(3, 200);
        record.Number(4, 4_321);
        record.Number(5, 4_000);
        record.Number(6, 321);
        record.Number(7, 412);
        record.Number(8, 2_345);
        for (var field = 9; field <= 13; field++)
        {
            record.Id(field, Some);
        }

        record.Text(14, "/shop/orders/8f14e45f"u8, 2_048);
        record.Text(15, "203.0.113.77"u8, 64);
        record.Text(16, "gateway-0"u8, 64);
        record.Text(17, "sandbox"u8, 64);
        record.Text(18, "sandbox"u8, 64);
        record.Number(19, 4_711);
        record.Text(27, "GET"u8, 32);
        record.Text(28, "api.example.com"u8, 256);
        record.Text(30, "curl/8.5.0"u8, 512);
        record.Number(36, 1);
        return record.Length;
    }
}
