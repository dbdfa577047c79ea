using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;
using ApiSvc.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quarantined = ApiSvc.Gateway.Sync.Quarantined;
using ResourceKey = ApiSvc.Gateway.Sync.ResourceKey;

namespace ApiSvc.Gateway.Tests.Sync;

public sealed class LogFollowerTests : IDisposable
{
    private static readonly ResourceSet One = ResourceSet.Empty.Next(Resources.Put("a", "1"));
    private static readonly Change ToTwo = Resources.Put("b", "1");
    private static readonly ResourceSet Two = One.Next(ToTwo);
    private static readonly Change ToThree = Resources.Delete("a");
    private static readonly ResourceSet Three = Two.Next(ToThree);

    private readonly string _folder = Directory.CreateTempSubdirectory("apisvc-sync-").FullName;
    private readonly FakeLog _log = new();
    private readonly RecordingBuilder _builder = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_NeverHadAState_IsUnreadyUntilOneIsThere()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var stream = await _log.OpenedAsync();
        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        (await host.HealthAsync()).Description.ShouldBe(
            "The gateway has never had a configuration."
        );
        stream.Follower.ShouldBe(
            new Follower
            {
                Group = "sandbox",
                Node = "node-1",
                Build = stream.Follower.Build,
                Features = { "limits" },
            }
        );

        stream.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);

        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        _builder.Current.ShouldNotBeNull().ShouldEqual(One);
    }

    [Fact]
    public async Task Start_EmptyConfiguration_IsAState()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        (await _log.OpenedAsync()).Send(ResourceSet.Empty.Snapshot(), ResourceSet.Empty.CaughtUp());

        await host.AppliesAsync(0);

        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Follow_Changes_AreAppliedKeptAndAcknowledged()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var stream = await _log.OpenedAsync();
        var aside = new Quarantined(new(1, ByteString.CopyFromUtf8("a")), "/host", "taken");
        _builder.OnApply = _ => [aside];
        stream.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);

        stream.Send(Two.Delta(One, ToTwo));
        await host.AppliesAsync(2);

        _builder
            .Applied.Last()
            .Changed.ShouldBe([new ResourceKey(1, ByteString.CopyFromUtf8("b"))]);
        await Eventually.HoldsAsync(
            () => _log.Heard.LastOrDefault() is { Applied: 2, Durable: 2 },
            "generation 2 is acknowledged"
        );
        var said = _log.Heard.Last();
        said.Hash.ShouldBe(Two.HashBytes());
        said.Refusal.ShouldBeNull();
        said.Quarantined.ShouldHaveSingleItem().Pointer.ShouldBe("/host");
        said.Quarantined[0].Resource.Id.ToStringUtf8().ShouldBe("a");
    }

    [Fact]
    public async Task Start_WithAStateOnDisk_ServesItBeforeAnythingAnswersAndGoesOnFromIt()
    {
        await using (var first = await FollowerHost.StartAsync(_log, _builder, _folder))
        {
            (await _log.OpenedAsync()).Send(One.Snapshot(), One.CaughtUp(), Two.Delta(One, ToTwo));
            await first.AppliesAsync(2);
        }

        var builder = new RecordingBuilder();
        await using (
            var offline = await FollowerHost.StartAsync(_log, builder, _folder, runs: false)
        )
        {
            builder.Current.ShouldNotBeNull().ShouldEqual(Two);
            (await offline.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        }

        await using var online = await FollowerHost.StartAsync(_log, builder, _folder);
        var stream = await _log.OpenedAsync();
        stream.Follower.HaveGeneration.ShouldBe(2ul);
        stream.Follower.HaveHash.ShouldBe(Two.HashBytes());
        stream.Send(Two.CaughtUp(), Three.Delta(Two, ToThree));
        await online.AppliesAsync(3);
        builder.Current.ShouldEqual(Three);
    }

    [Fact]
    public async Task Follow_StreamEnds_ComesBackWithWhatItHas()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var first = await _log.OpenedAsync();
        first.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);
        first.End();

        var second = await _log.OpenedAsync();

        second.Follower.HaveGeneration.ShouldBe(1ul);
        host.Status.IsConnected.ShouldBeFalse();
        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        second.Send(Two.Delta(One, ToTwo), Two.CaughtUp());
        await host.AppliesAsync(2);
        host.Status.IsConnected.ShouldBeTrue();
    }

    // The other side may have forgotten it, or have heard it of another build.
    [Fact]
    public async Task Follow_ComesBackWithNothingNew_SaysAgainWhatItApplied()
    {
        var aside = new Quarantined(new(1, ByteString.CopyFromUtf8("a")), "/host", "taken");
        _builder.OnApply = _ => [aside];
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var first = await _log.OpenedAsync();
        first.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);
        await Eventually.HoldsAsync(
            () => _log.Heard.LastOrDefault() is { Applied: 1, Durable: 1 },
            "generation 1 is acknowledged"
        );
        first.End();
        var second = await _log.OpenedAsync();
        _log.Heard.Clear();

        second.Send(One.CaughtUp());

        await Eventually.HoldsAsync(() => !_log.Heard.IsEmpty, "it is said again");
        var said = _log.Heard.First();
        said.Applied.ShouldBe(1ul);
        said.Hash.ShouldBe(One.HashBytes());
        said.Quarantined.ShouldHaveSingleItem().Reason.ShouldBe("taken");
    }

    [Theory]
    [InlineData("*.deltas", 1)]
    [InlineData("*.base", 0)]
    public async Task Start_FileOnDiskIsDamaged_ServesWhatIsBeforeAndSaysSo(string file, int serves)
    {
        await using (var first = await FollowerHost.StartAsync(_log, _builder, _folder))
        {
            var stream = await _log.OpenedAsync();
            stream.Send(One.Snapshot(), One.CaughtUp());
            await first.AppliesAsync(1);
            stream.Send(Two.Delta(One, ToTwo));
            await first.AppliesAsync(2);
        }

        var path = Directory.GetFiles(_folder, file).ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);

        host.Status.HasState.ShouldBe(serves > 0);
        host.Status.Applied.ShouldBe((ulong)serves);
        var health = await host.HealthAsync();
        health.Status.ShouldBe(serves > 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy);
        health.Description!.ShouldContain(
            $"{Path.GetFileName(path)}: the checksum of frame 0 is wrong"
        );

        // Once there is a whole one on disk again, it is no news any more.
        var again = await _log.OpenedAsync();
        again.Send(Three.Snapshot(), Three.CaughtUp());
        await host.AppliesAsync(3);
        (await host.HealthAsync()).Description!.ShouldNotContain("whole");
    }

    [Fact]
    public async Task Follow_OtherHashThanTold_KeepsItsStateAndAsksForAll()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var first = await _log.OpenedAsync();
        first.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);

        // A change is missing.
        first.Send(Three.Delta(One, ToThree));
        var second = await _log.OpenedAsync();

        second.Follower.HaveHash.ShouldBe(ByteString.Empty);
        _builder.Current.ShouldNotBeNull().ShouldEqual(One);
        second.Send(Three.Snapshot(), Three.CaughtUp());
        await host.AppliesAsync(3);
        _builder.Current.ShouldEqual(Three);
    }

    [Fact]
    public async Task Follow_Silence_OpensAnotherStream()
    {
        await using var host = await FollowerHost.StartAsync(
            _log,
            _builder,
            _folder,
            new()
            {
                Silence = TimeSpan.FromMilliseconds(100),
                LongestPause = TimeSpan.FromMilliseconds(20),
            }
        );
        (await _log.OpenedAsync()).Send(One.Snapshot(), One.CaughtUp());

        (await _log.OpenedAsync()).Follower.HaveGeneration.ShouldBe(1ul);
    }

    [Fact]
    public async Task Follow_StateIsRefused_KeepsTheOneBeforeAndSaysSo()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var stream = await _log.OpenedAsync();
        stream.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);
        _builder.OnApply = state =>
            state.Generation == 2 ? throw new InvalidOperationException("no sense") : [];

        stream.Send(Two.Delta(One, ToTwo));
        await Eventually.HoldsAsync(
            () => _log.Heard.LastOrDefault()?.Refusal is not null,
            "the refusal is said"
        );

        var said = _log.Heard.Last();
        said.Applied.ShouldBe(1ul);
        said.Refusal.ShouldBe(new Refusal { Generation = 2, Reason = "no sense" });
        _builder.Current.ShouldNotBeNull().ShouldEqual(One);

        // What was refused is part of what comes next.
        stream.Send(Three.Delta(Two, ToThree));
        await host.AppliesAsync(3);
        _builder
            .Applied.Last()
            .Changed.ShouldBe([
                new(1, ByteString.CopyFromUtf8("b")),
                new(1, ByteString.CopyFromUtf8("a")),
            ]);
        await Eventually.HoldsAsync(
            () => _log.Heard.Last() is { Applied: 3, Refusal: null },
            "generation 3 is acknowledged"
        );
        var again = new RecordingBuilder();
        await host.DisposeAsync();
        await using var restarted = await FollowerHost.StartAsync(
            _log,
            again,
            _folder,
            runs: false
        );
        again.Current.ShouldNotBeNull().ShouldEqual(Three);
    }

    [Fact]
    public async Task Follow_RefusedOnce_IsTriedAgainWithoutNews()
    {
        await using var host = await FollowerHost.StartAsync(
            _log,
            _builder,
            _folder,
            new() { RetryRefused = TimeSpan.FromMilliseconds(20) }
        );
        var tries = 0;
        _builder.OnApply = _ => ++tries < 3 ? throw new InvalidOperationException("not now") : [];

        (await _log.OpenedAsync()).Send(One.Snapshot(), One.CaughtUp());

        await host.AppliesAsync(1);
        tries.ShouldBe(3);
    }

    [Fact]
    public async Task Start_NewestOnDiskIsRefused_ServesAnOlder()
    {
        await using (var first = await FollowerHost.StartAsync(_log, _builder, _folder))
        {
            var stream = await _log.OpenedAsync();
            stream.Send(One.Snapshot(), One.CaughtUp());
            await first.AppliesAsync(1);
            stream.Send(Two.Delta(One, ToTwo));
            await first.AppliesAsync(2);
        }

        var builder = new RecordingBuilder
        {
            OnApply = state =>
                state.Generation == 2 ? throw new InvalidOperationException("no sense") : [],
        };
        await using var host = await FollowerHost.StartAsync(_log, builder, _folder);

        builder.Current.ShouldNotBeNull().ShouldEqual(One);
        (await _log.OpenedAsync()).Follower.HaveGeneration.ShouldBe(1ul);
    }

    [Fact]
    public async Task Follow_BurstDuringABuild_IsOneBuildAfterIt()
    {
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        var stream = await _log.OpenedAsync();
        stream.Send(One.Snapshot(), One.CaughtUp());
        await host.AppliesAsync(1);
        var gate = new TaskCompletionSource();
        _builder.Gate = gate.Task;
        var state = One;
        for (var i = 0; i < 50; i++)
        {
            var change = Resources.Put($"{i % 10}", $"{i}");
            var next = state.Next(change);
            stream.Send(next.Delta(state, change));
            state = next;
        }

        await Eventually.HoldsAsync(
            () => host.Status.HeardAt is not null && stream.Current.Delta?.ToGeneration == 51,
            "all has come"
        );
        gate.SetResult();
        await host.AppliesAsync(51);

        _builder.Current.ShouldNotBeNull().ShouldEqual(state);
        _builder.Applied.Count.ShouldBeLessThanOrEqualTo(4);
        _builder.Applied.Last().Changed!.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Follow_AcknowledgementsFail_TheNewestIsSaidWhenTheyWork()
    {
        _log.IsDeaf = true;
        await using var host = await FollowerHost.StartAsync(_log, _builder, _folder);
        (await _log.OpenedAsync()).Send(One.Snapshot(), One.CaughtUp(), Two.Delta(One, ToTwo));
        await host.AppliesAsync(2);

        _log.IsDeaf = false;

        await Eventually.HoldsAsync(() => !_log.Heard.IsEmpty, "an acknowledgement is heard");
        _log.Heard.First().Applied.ShouldBe(2ul);
    }

    [Fact]
    public async Task Follow_DiskCannotBeWritten_ServesOn()
    {
        File.WriteAllText(Path.Combine(_folder, "taken"), "");
        await using var host = await FollowerHost.StartAsync(
            _log,
            _builder,
            Path.Combine(_folder, "taken")
        );
        (await _log.OpenedAsync()).Send(One.Snapshot(), One.CaughtUp());

        await Eventually.HoldsAsync(
            () => _log.Heard.LastOrDefault() is { Applied: 1, Durable: 0 },
            "generation 1 is applied and not durable"
        );

        (await host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }
}
