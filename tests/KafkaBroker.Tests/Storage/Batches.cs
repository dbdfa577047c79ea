using System.Buffers.Binary;
using KafkaBroker.Storage;

namespace ApiSvc.BrokerTests.Storage;

/// <summary>Batches made by hand. What would be records is filler: the broker does not look into them.</summary>
internal static class Batches
{
    public static byte[] Make(
        int count = 1,
        int payload = 20,
        long producerId = -1,
        short epoch = -1,
        int sequence = -1,
        long timestamp = 1000
    )
    {
        var batch = new byte[BatchHeader.Bytes + payload];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);
        for (var i = BatchHeader.Bytes; i < batch.Length; i++)
        {
            batch[i] = (byte)i;
        }

        Seal(batch);
        return batch;
    }

    public static void Seal(byte[] batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(
            batch.AsSpan(17),
            Crc32C.Of(batch.AsSpan(BatchHeader.CrcStart))
        );

    public static AppendResult Append(this PartitionLog log, byte[] batch)
    {
        BatchHeader.TryParse(batch, out var header).ShouldBeTrue();
        return log.Append(batch, header);
    }
}
