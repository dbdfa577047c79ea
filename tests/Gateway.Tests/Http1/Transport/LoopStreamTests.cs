using System.Net;
using System.Net.Sockets;
using ApiSvc.Gateway.Http1;
using ApiSvc.Gateway.Http1.Transport.Loops;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Tests.Http1.Transport;

/// <summary>A socket on an event loop, with the runtime's own at the other end.</summary>
public sealed class LoopStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly EventLoops _loops = new(Options.Create(new Http1Options()));
    private readonly Socket _listener = new(
        AddressFamily.InterNetwork,
        SocketType.Stream,
        ProtocolType.Tcp
    );
    private readonly Socket _near = new(
        AddressFamily.InterNetwork,
        SocketType.Stream,
        ProtocolType.Tcp
    );
    private Socket _far = null!;
    private Stream _stream = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Event loops are Linux's.");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        var accepting = _listener.AcceptAsync(TestContext.Current.CancellationToken);
        _stream = await _loops.ConnectAsync(
            _near,
            (IPEndPoint)_listener.LocalEndPoint!,
            TestContext.Current.CancellationToken
        );
        _far = await accepting;
        await LeaveLoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _near.Dispose();
        _far.Dispose();
        _listener.Dispose();
        _loops.Dispose();
    }

    [Fact]
    public async Task Write_MoreThanTheSocketTakes_WaitsAndSendsAll()
    {
        var sent = new byte[8_000_000];
        new Random(5).NextBytes(sent);
        var writing = _stream.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        // Nobody has read a byte, and no socket holds so much.
        writing.IsCompleted.ShouldBeFalse();

        var received = new byte[sent.Length];
        await using var far = new NetworkStream(_far);
        await far.ReadExactlyAsync(received, TestContext.Current.CancellationToken);

        await writing.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await LeaveLoopAsync();
        received.ShouldBe(sent);
    }

    [Fact]
    public async Task Read_PiecesOfAllSizes_GetsEachByteAndTheEnd()
    {
        var sent = new byte[3_000_000];
        new Random(7).NextBytes(sent);
        var sending = Task.Run(
            async () =>
            {
                var sizes = new Random(11);
                for (var at = 0; at < sent.Length; )
                {
                    var length = Math.Min(sizes.Next(1, 40_000), sent.Length - at);
                    at += await _far.SendAsync(sent.AsMemory(at, length));
                }

                _far.Shutdown(SocketShutdown.Send);
            },
            TestContext.Current.CancellationToken
        );

        using var received = new MemoryStream();
        var room = new byte[16_384];
        while (await ReadAsync(room) is > 0 and var count)
        {
            received.Write(room.AsSpan(0, count));
        }

        await sending;
        received.ToArray().ShouldBe(sent);
        // An end stays one.
        (await ReadAsync(room)).ShouldBe(0);
    }

    [Fact]
    public async Task Read_WithoutRoom_WaitsForBytesAndTakesNone()
    {
        var waiting = _stream
            .ReadAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken)
            .AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        await _far.SendAsync(new byte[] { 42 });

        (await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(0);
        var room = new byte[2];
        (await ReadAsync(room)).ShouldBe(1);
        room[0].ShouldBe((byte)42);
    }

    [Fact]
    public async Task Dispose_WhileItIsReadFrom_EndsTheRead()
    {
        var reading = ReadAsync(new byte[1]);
        reading.IsCompleted.ShouldBeFalse();

        await _stream.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => reading);
    }

    [Fact]
    public async Task Cancel_WhileItIsReadFrom_LosesNoByte()
    {
        using var cancel = new CancellationTokenSource();
        var reading = _stream.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));

        await _far.SendAsync(new byte[] { 42 });

        var room = new byte[1];
        (await ReadAsync(room)).ShouldBe(1);
        room[0].ShouldBe((byte)42);
    }

    [Fact]
    public async Task Read_OtherSideBreaksOff_Throws()
    {
        var reading = ReadAsync(new byte[1]);

        _far.Close(0);

        (await Should.ThrowAsync<IOException>(() => reading))
            .InnerException.ShouldBeOfType<SocketException>()
            .SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task Connect_NobodyListens_IsRefused()
    {
        using var listener = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );

        var refused = await Should.ThrowAsync<SocketException>(async () =>
            await _loops.ConnectAsync(
                socket,
                new(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port),
                TestContext.Current.CancellationToken
            )
        );

        await LeaveLoopAsync();
        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    private async Task<int> ReadAsync(byte[] room)
    {
        var count = await _stream
            .ReadAsync(room, TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        await LeaveLoopAsync();
        return count;
    }

    // What waits for a loop goes on on its thread, which is not the test's to use.
    private static async Task LeaveLoopAsync() =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
