using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.Interop.Client;

/// <summary>The four kinds of calls.</summary>
internal static class CallCases
{
    private static readonly ByteString Kilobyte = ByteString.CopyFrom(new byte[1000]);

    public static async Task UnaryAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var request = new Parcel
        {
            Text = "Grüße 世界",
            Payload = ByteString.CopyFrom(MetadataCases.AllBytes),
            Number = -7,
        };
        (await connection.Probe.EchoAsync(request)).ShouldBe(request);
        (await connection.Probe.EchoAsync(new())).ShouldBe(new Parcel());
    }

    public static async Task ClientStreamingAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        foreach (var count in (int[])[0, 1, 200])
        {
            using var call = connection.Probe.Sum();
            for (var i = 0; i < count; i++)
            {
                await call.RequestStream.WriteAsync(
                    new() { Text = $"{i % 10}", Payload = Kilobyte }
                );
            }

            await call.RequestStream.CompleteAsync();
            var totals = await call;
            totals.Messages.ShouldBe(count);
            totals.Bytes.ShouldBe(count * 1000);
            totals.Texts.ShouldBe(string.Concat(Enumerable.Range(0, count).Select(i => i % 10)));
        }
    }

    public static async Task ServerStreamingAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        foreach (var count in (int[])[0, 1, 200])
        {
            using var call = connection.Probe.Count(new() { Messages = count, Size = 1000 });
            var messages = await call.ResponseStream.ReadAllAsync().ToListAsync();
            messages.Select(m => m.Number).ShouldBe(Enumerable.Range(1, count));
            messages.ShouldAllBe(m => m.Payload.Length == 1000);
            call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        }
    }

    public static async Task DuplexStreamingAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.Chat();
        // Each answer is awaited before the next question: neither side may hold messages back.
        for (var number = 1; number <= 100; number++)
        {
            await call.RequestStream.WriteAsync(new() { Number = number, Text = "ping" });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Number.ShouldBe(number);
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    public static async Task ThousandStreamsAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var calls = Enumerable.Range(0, 1000).Select(_ => connection.Probe.Chat()).ToList();
        // All have been answered, none has ended: they are open at the same time.
        var answers = await Task.WhenAll(calls.Select(AskAsync));
        answers.ShouldBe(Enumerable.Range(0, 1000));
        await Task.WhenAll(calls.Select(FinishAsync));
        calls.ForEach(call => call.Dispose());

        static async Task<int> AskAsync(AsyncDuplexStreamingCall<Parcel, Parcel> call, int number)
        {
            await call.RequestStream.WriteAsync(new() { Number = number });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            return call.ResponseStream.Current.Number;
        }

        static async Task FinishAsync(AsyncDuplexStreamingCall<Parcel, Parcel> call)
        {
            await call.RequestStream.CompleteAsync();
            (await call.ResponseStream.MoveNext()).ShouldBeFalse();
            call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        }
    }
}
