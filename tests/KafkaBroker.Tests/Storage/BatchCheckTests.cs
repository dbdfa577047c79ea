using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace ApiSvc.BrokerTests.Storage;

public sealed class BatchCheckTests
{
    [Fact]
    public void Of_KnownText_IsTheStandardsChecksum() =>
        Crc32C.Of("123456789"u8).ShouldBe(0xE3069283);

    [Fact]
    public void Check_WholeBatch_IsTakenWithItsFields()
    {
        var batch = Batches.Make(count: 3, producerId: 9, epoch: 1, sequence: 5, timestamp: 77);

        BatchCheck.Check(batch, 7, 10_000, out var header).ShouldBe(ErrorCode.None);

        header.Count.ShouldBe(3);
        header.Size.ShouldBe(batch.Length);
        (header.ProducerId, header.ProducerEpoch, header.BaseSequence).ShouldBe((9L, (short)1, 5));
        (header.LastOffset, header.LastSequence, header.MaxTimestamp).ShouldBe((2L, 7, 77L));
    }

    [Fact]
    public void LastSequence_PastTheLargest_StartsAtZero()
    {
        var batch = Batches.Make(count: 3, sequence: int.MaxValue);
        BatchHeader.TryParse(batch, out var header).ShouldBeTrue();

        header.LastSequence.ShouldBe(1);
    }

    [Fact]
    public void Check_AnyByteChanged_IsRefused()
    {
        var batch = Batches.Make();
        for (var i = 16; i < batch.Length; i++)
        {
            var damaged = (byte[])batch.Clone();
            damaged[i] ^= 0x10;

            BatchCheck.Check(damaged, 7, 10_000, out _).ShouldNotBe(ErrorCode.None, $"byte {i}");
        }
    }

    [Fact]
    public void Check_CutAnywhere_IsRefused()
    {
        var batch = Batches.Make();
        for (var length = 0; length < batch.Length; length++)
        {
            BatchCheck.Check(batch.AsSpan(0, length), 7, 10_000, out _).ShouldNotBe(ErrorCode.None);
        }
    }

    [Theory]
    [InlineData(0x10, ErrorCode.InvalidRecord)]
    [InlineData(0x20, ErrorCode.InvalidRecord)]
    [InlineData(0x07, ErrorCode.UnsupportedCompressionType)]
    internal void Check_AttributesNotSupported_AreRefused(byte attributes, ErrorCode error)
    {
        var batch = Batches.Make();
        batch[22] = attributes;
        Batches.Seal(batch);

        BatchCheck.Check(batch, 7, 10_000, out _).ShouldBe(error);
    }

    [Fact]
    public void Check_TooLargeOrTwoBatches_IsRefused()
    {
        var batch = Batches.Make();

        BatchCheck.Check(batch, 7, batch.Length - 1, out _).ShouldBe(ErrorCode.MessageTooLarge);
        BatchCheck.Check([.. batch, .. batch], 7, 10_000, out _).ShouldBe(ErrorCode.InvalidRecord);
    }
}
