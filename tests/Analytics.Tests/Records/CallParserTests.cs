using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Retention;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Analytics.Texts;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Tests.Records;

/// <summary>The reader by hand against the one of Google.Protobuf.</summary>
public sealed class CallParserTests
{
    private static readonly CallParser Parser = new(new TextDictionary(TimeProvider.System));

    [Fact]
    public void Parse_EveryFieldSet_GivesWhatTheLibraryGives()
    {
        var record = Sample.Full();
        foreach (var field in CallRecord.Descriptor.Fields.InDeclarationOrder())
        {
            // A field that this test leaves out is one that it does not check.
            Equals(field.Accessor.GetValue(record), Default(field)).ShouldBeFalse(field.Name);
        }

        var call = Parser.Parse(record.ToByteArray(), out var fault).ShouldNotBeNull(fault);

        ShouldBe(call, record);
    }

    [Fact]
    public void Parse_RandomRecords_GivesWhatTheLibraryGives()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var record = Sample.Random(random);

            var call = Parser.Parse(record.ToByteArray(), out var fault).ShouldNotBeNull(fault);

            ShouldBe(call, record);
        }
    }

    [Fact]
    public void Parse_UnknownFields_AreSkipped()
    {
        var record = Sample.Full();
        byte[] bytes =
        [
            // 1000: varint, 1001: 64 bits, 1002: bytes, 1003: 32 bits.
            .. (byte[])[0xc0, 0x3e, 0x96, 0x01],
            .. (byte[])[0xc9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8],
            .. (byte[])[0xd2, 0x3e, 2, 9, 9],
            .. (byte[])[0xdd, 0x3e, 1, 2, 3, 4],
            .. record.ToByteArray(),
        ];
        CallRecord.Parser.ParseFrom(bytes).Path.ShouldBe(record.Path);

        var call = Parser.Parse(bytes, out var fault).ShouldNotBeNull(fault);

        ShouldBe(call, record);
    }

    [Fact]
    public void Parse_EveryPrefix_EndsWithoutAFailureOfItsOwn()
    {
        var bytes = Sample.Full().ToByteArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            var call = Parser.Parse(bytes.AsMemory(0, length), out var fault);

            // What the library cannot read, this cannot either; what it can may lack what a call must have.
            if (!IsReadable(bytes[..length]))
            {
                call.ShouldBeNull();
                fault.ShouldNotBeNullOrEmpty();
            }
        }
    }

    [Fact]
    public void Parse_RandomBytes_NeverThrows()
    {
        var random = new Random(2);
        var bytes = new byte[200];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            var call = Parser.Parse(bytes.AsMemory(0, random.Next(bytes.Length)), out var fault);
            (call is null).ShouldBe(fault is not null);
        }
    }

    [Theory]
    [InlineData("call_id")]
    [InlineData("start_us")]
    public void Parse_WithoutWhatACallMustHave_IsAFault(string field)
    {
        var record = Sample.Full();
        CallRecord.Descriptor.FindFieldByName(field).Accessor.Clear(record);

        Parser.Parse(record.ToByteArray(), out var fault).ShouldBeNull();

        fault.ShouldNotBeNull().ShouldContain(field);
    }

    [Fact]
    public void Parse_UuidOfAnotherLength_IsAFault()
    {
        var record = Sample.Full();
        record.ApiId = ByteString.CopyFrom(1, 2, 3);

        Parser.Parse(record.ToByteArray(), out var fault).ShouldBeNull();

        fault.ShouldBe("Field 9 is no UUID of 16 bytes.");
    }

    [Fact]
    public void Batch_OneRecordOfThreeBroken_TakesTheOthersWithTheirNumbers()
    {
        var batch = Sample.Batch(Guid.CreateVersion7(), 3, 100, Sample.Full(), Sample.Full());
        var broken = new CallRecordBatch { Records = { new CallRecord { Status = 200 } } };
        byte[] bytes = [.. batch.ToByteArray(), .. broken.ToByteArray(), .. Last().ToByteArray()];

        var message = Batches().Parse(7, 10, 11, bytes);

        message.Fault.ShouldBeNull();
        message.Calls.Select(c => c.Sequence).ShouldBe([100, 101, 103]);
        message.Faulty.ShouldHaveSingleItem().Index.ShouldBe(2);
        message.Count.ShouldBe(4);

        static CallRecordBatch Last() => new() { Records = { Sample.Full() } };
    }

    [Theory]
    [InlineData(-40, "older")]
    [InlineData(3, "future")]
    public void Batch_CallFarFromNow_IsAFault(int days, string reason)
    {
        var record = Sample.Full();
        record.StartUs = (ulong)CallTimes.Microseconds(DateTimeOffset.UtcNow.AddDays(days));

        var message = Batches()
            .Parse(0, 0, 1, Sample.Batch(Guid.CreateVersion7(), 0, 1, record).ToByteArray());

        message.Faulty.ShouldHaveSingleItem().Reason.ShouldContain(reason);
    }

    [Fact]
    public void Batch_WithoutSpool_IsAFault() =>
        Batches()
            .Parse(0, 0, 1, new CallRecordBatch { Lane = 1 }.ToByteArray())
            .Fault.ShouldNotBeNull()
            .ShouldContain("spool_id");

    private static BatchParser Batches() =>
        new(Parser, new CallTimes(Options.Create(new RetentionOptions()), TimeProvider.System));

    private static bool IsReadable(byte[] bytes)
    {
        try
        {
            CallRecord.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static object? Default(FieldDescriptor field) =>
        field.Accessor.GetValue(new CallRecord());

    private static void ShouldBe(ParsedCall call, CallRecord record) =>
        Sample.Describe(call).ShouldBe(Sample.Describe(record));
}
