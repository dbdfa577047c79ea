using System.Globalization;
using Grpc.Core;

namespace ApiSvc.GrpcTests.Calls;

public sealed class CancellationTests
{
    private static DateTime Soon => DateTime.UtcNow.AddSeconds(2);

    [Fact]
    public async Task Deadline_Passes_BothSidesEnd()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Should.ThrowAsync<RpcException>(
            host.Client()
                .UnaryAsync(new ProbeRequest { Text = "wait" }, deadline: Soon)
                .ResponseAsync
        );

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await host.Journal.WaitForAsync("cancelled");
    }

    [Fact]
    public async Task Deadline_PassesInAStream_BothSidesEnd()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client()
            // Far enough for the first message to come before it on a busy machine.
            .Expand(
                new ProbeRequest { Text = "wait", Count = 1 },
                deadline: DateTime.UtcNow.AddSeconds(4)
            );

        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        (
            await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())
        ).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await host.Journal.WaitForAsync("cancelled");
    }

    [Fact]
    public async Task Deadline_PassedBefore_NothingIsSent()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Should.ThrowAsync<RpcException>(
            host.Client()
                .UnaryAsync(new ProbeRequest(), deadline: DateTime.UtcNow.AddSeconds(-1))
                .ResponseAsync
        );

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        host.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deadline_FarAway_IsKnownToTheService()
    {
        await using var host = await ProbeHost.StartAsync();
        var deadline = DateTime.UtcNow.AddDays(400);

        var reply = await host.Client()
            .UnaryAsync(new ProbeRequest { Text = "deadline" }, deadline: deadline);
        var none = await host.Client().UnaryAsync(new ProbeRequest { Text = "deadline" });

        var seen = DateTime.Parse(
            reply.Text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind
        );
        seen.ShouldBe(deadline, TimeSpan.FromMinutes(2));
        none.Text.ShouldBe(DateTime.MaxValue.ToString("O", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Deadline_NotUtc_Throws()
    {
        await using var host = await ProbeHost.StartAsync();

        Should.Throw<InvalidOperationException>(() =>
            host.Client().UnaryAsync(new ProbeRequest(), deadline: DateTime.Now)
        );
    }

    [Fact]
    public async Task Cancel_WhileServing_BothSidesEnd()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var call = host.Client()
            .UnaryAsync(new ProbeRequest { Text = "wait" }, cancellationToken: cancellation.Token);
        await host.Journal.WaitForAsync("waiting");

        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode.ShouldBe(
            StatusCode.Cancelled
        );
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await host.Journal.WaitForAsync("cancelled");
    }

    [Fact]
    public async Task Cancel_WithThrowOperationCanceled_ThrowsThat()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var call = host.Client(channel => channel.ThrowOperationCanceledOnCancellation = true)
            .UnaryAsync(new ProbeRequest { Text = "wait" }, cancellationToken: cancellation.Token);
        await host.Journal.WaitForAsync("waiting");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call.ResponseAsync);
    }

    [Fact]
    public async Task Dispose_StreamNotReadToItsEnd_CancelsTheServer()
    {
        await using var host = await ProbeHost.StartAsync();
        var call = host.Client().Expand(new ProbeRequest { Text = "wait", Count = 1 });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        await host.Journal.WaitForAsync("waiting");

        call.Dispose();

        await host.Journal.WaitForAsync("cancelled");
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Cancel_Read_EndsTheChat()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Chat();
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        using var cancellation = new CancellationTokenSource();
        var read = call.ResponseStream.MoveNext(cancellation.Token);

        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(read)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await host.Journal.WaitForAsync("chat broken");
        (
            await Should.ThrowAsync<RpcException>(() =>
                call.RequestStream.WriteAsync(new ProbeRequest())
            )
        ).StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Deadline_ServiceDoesNotListen_CallerIsAnsweredAllTheSame()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(
            host.Address,
            new ProbeRequest { Text = "ignore-cancellation" }
        );
        request.Headers.TryAddWithoutValidation("grpc-timeout", "200m");

        using var response = await http.SendAsync(request);

        // No deadline on this side: it is the server that answers, while its service still runs.
        RawCall.Status(response).ShouldBe(StatusCode.DeadlineExceeded);
        host.Journal.Entries.ShouldNotContain("went-on");
        host.Journal.Write("go-on");
        await host.Journal.WaitForAsync("went-on");
    }

    [Fact]
    public async Task Channel_Disposed_EndsItsCalls()
    {
        await using var host = await ProbeHost.StartAsync();
        var channel = host.Channel();
        var call = new Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "wait" });
        await host.Journal.WaitForAsync("waiting");

        channel.Dispose();

        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode.ShouldBe(
            StatusCode.Cancelled
        );
        Should.Throw<ObjectDisposedException>(() => channel.CreateCallInvoker());
    }
}
