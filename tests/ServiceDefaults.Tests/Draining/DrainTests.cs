using System.Net;
using System.Net.Sockets;
using ApiSvc.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.Draining;

public sealed class DrainTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stop_CallUnderWay_FinishesAfterUnreadyAndEndedStreams()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var time = new StoppedTime();
        await using var host = await ServiceHost.StartAsync(
            app =>
            {
                app.MapGet(
                        "/slow",
                        async () =>
                        {
                            entered.SetResult();
                            await release.Task;
                            return "finished";
                        }
                    )
                    .AllowAnonymousCaller();
                app.MapGet("/fast", () => "fast").AllowAnonymousCaller();
            },
            builder => builder.Services.AddSingleton<TimeProvider>(time),
            ("Draining:Delay", "00:00:03")
        );
        var drain = host.App.Services.GetRequiredService<IDrainState>();
        using var http = host.Client("http");
        using var management = host.Client("management");
        var slow = http.GetAsync("/slow");
        await entered.Task.WaitAsync(Deadline);

        var stopping = host.App.StopAsync();
        await time.Waited.Task.WaitAsync(Deadline);

        // In the delay: unready, yet everything is answered and streams go on.
        drain.IsDraining.ShouldBeTrue();
        drain.DrainToken.IsCancellationRequested.ShouldBeFalse();
        (await http.GetStringAsync("/fast")).ShouldBe("fast");
        (await (await management.GetAsync("/health")).Content.ReadAsStringAsync()).ShouldContain(
            "The service is shutting down."
        );

        var ended = new TaskCompletionSource();
        drain.DrainToken.Register(ended.SetResult);
        time.Elapse();
        await ended.Task.WaitAsync(Deadline);
        await UntilRefusedAsync(host.Address("http"));
        slow.IsCompleted.ShouldBeFalse();
        stopping.IsCompleted.ShouldBeFalse();

        release.SetResult();
        using var response = await slow.WaitAsync(Deadline);
        (await response.Content.ReadAsStringAsync()).ShouldBe("finished");
        await stopping.WaitAsync(Deadline);
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync("/fast"));
    }

    [Fact]
    public async Task Stop_CallPastTheTimeout_IsAborted()
    {
        var entered = new TaskCompletionSource();
        await using var host = await ServiceHost.StartAsync(
            app =>
                app.MapGet(
                        "/endless",
                        async (CancellationToken aborted) =>
                        {
                            entered.SetResult();
                            await Task.Delay(Timeout.Infinite, aborted);
                        }
                    )
                    .AllowAnonymousCaller(),
            settings: [("Draining:Delay", "00:00:00"), ("Draining:Timeout", "00:00:00.2")]
        );
        using var http = host.Client("http");
        var endless = http.GetAsync("/endless");
        await entered.Task.WaitAsync(Deadline);

        await host.App.StopAsync().WaitAsync(Deadline);

        await Should.ThrowAsync<HttpRequestException>(() => endless.WaitAsync(Deadline));
    }

    [Fact]
    public async Task PostDrain_Running_StopsTheProcess()
    {
        await using var host = await ServiceHost.StartAsync();
        using var management = host.Client("management");
        var lifetime = host.App.Services.GetRequiredService<IHostApplicationLifetime>();

        using var response = await management.PostAsync("/drain", null);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        host.App.Services.GetRequiredService<IDrainState>().IsDraining.ShouldBeTrue();
        lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_DelayOutOfRange_IsRefusedNamingTheKey() =>
        (
            await Should.ThrowAsync<OptionsValidationException>(() =>
                ServiceHost.StartAsync(settings: ("Draining:Delay", "01:00:00"))
            )
        ).Message.ShouldContain("Draining:Delay");

    // Kestrel refuses connections from the moment it stops.
    private static async Task UntilRefusedAsync(Uri address)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(address.Host, address.Port, deadline.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    /// <summary>The wall clock, except that timers of the drain's delay fire when the test says.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        private Action? _fire;

        public TaskCompletionSource Waited { get; } = new();

        public void Elapse() => _fire!();

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            if (dueTime != TimeSpan.FromSeconds(3))
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            _fire = () => callback(state);
            Waited.TrySetResult();
            return base.CreateTimer(
                _ => { },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }
    }
}
