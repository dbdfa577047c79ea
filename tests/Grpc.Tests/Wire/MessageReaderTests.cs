using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Wire;

namespace ApiSvc.GrpcTests.Wire;

public sealed class MessageReaderTests
{
    private static readonly byte[] TwoMessages =
    [
        0,
        0,
        0,
        0,
        3,
        1,
        2,
        3,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        9,
    ];

    [Fact]
    public async Task Read_SplitAtEveryPairOfPositions_GivesTheSameMessages()
    {
        for (var first = 0; first <= TwoMessages.Length; first++)
        {
            for (var second = first; second <= TwoMessages.Length; second++)
            {
                var messages = await ReadAllAsync([
                    TwoMessages[..first],
                    TwoMessages[first..second],
                    TwoMessages[second..],
                ]);

                messages.ShouldBe(
                    [
                        [1, 2, 3],
                        [],
                        [9],
                    ],
                    $"split at {first} and {second}"
                );
            }
        }
    }

    [Fact]
    public async Task Read_CutAnywhereInside_IsIncomplete()
    {
        int[] betweenMessages = [0, 8, 13, TwoMessages.Length];
        for (var length = 0; length <= TwoMessages.Length; length++)
        {
            var reading = ReadAllAsync([TwoMessages[..length]]);
            if (betweenMessages.Contains(length))
            {
                await reading;
            }
            else
            {
                (await Should.ThrowAsync<RpcException>(reading)).Status.ShouldBe(
                    WireStatus.Incomplete
                );
            }
        }
    }

    [Fact]
    public void Read_AnyMessagesInAnySegments_GivesThemBack() =>
        FsCheck.Check.QuickThrowOnFailure(
            FsCheck.Fluent.Prop.ForAll(
                FsCheck.Fluent.ArbMap.Default.ArbFor<(
                    byte[][] Messages,
                    FsCheck.PositiveInt Step
                )>(),
                input =>
                {
                    var messages = input.Messages.Select(message => message ?? []).ToArray();
                    var bytes = messages.SelectMany(message => Frame(message)).ToArray();
                    var parts = bytes.Chunk(input.Step.Get).ToArray();
                    return ReadAllAsync(parts)
                        .GetAwaiter()
                        .GetResult()
                        .Zip(messages, (read, sent) => read.AsSpan().SequenceEqual(sent))
                        .All(same => same);
                }
            )
        );

    [Theory]
    [InlineData(9, FrameState.TooLarge)]
    [InlineData(10, FrameState.Incomplete)]
    [InlineData(null, FrameState.Incomplete)]
    internal void TryRead_HeaderAlone_TellsOfTheLimitAtOnce(int? maxSize, FrameState expected) =>
        MessageFrame
            .TryRead(new ReadOnlySequence<byte>([0, 0, 0, 0, 10]), maxSize, out _, out _)
            .ShouldBe(expected);

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[MessageFrame.HeaderSize + message.Length];
        MessageFrame.WriteHeader(frame, compressed: false, message.Length);
        message.CopyTo(frame, MessageFrame.HeaderSize);
        return frame;
    }

    /// <summary>Each part is its own segment, and is read before the next is there.</summary>
    private static async Task<List<byte[]>> ReadAllAsync(byte[][] parts)
    {
        var pipe = new Pipe();
        var reader = new MessageReader<byte[]>(
            pipe.Reader,
            new MessageDecoder(new Encodings([]), encoding: null, maxSize: null),
            context => context.PayloadAsNewBuffer()
        );
        var writing = Task.Run(async () =>
        {
            foreach (var part in parts)
            {
                await pipe.Writer.WriteAsync(part);
                await Task.Yield();
            }

            await pipe.Writer.CompleteAsync();
        });
        var messages = new List<byte[]>();
        while (await reader.ReadAsync(CancellationToken.None) is { } message)
        {
            messages.Add(message);
        }

        await writing;
        return messages;
    }
}
