using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.BrokerTests.Groups;

public sealed class GroupTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Group _group;

    public GroupTests() => _group = new("g", _time);

    [Fact]
    public async Task Join_NewClient_IsGivenAnIdFirst()
    {
        var first = await Join("", requireId: true);
        first.Error.ShouldBe(ErrorCode.MemberIdRequired);

        var second = await Join(first.MemberId);

        second.Error.ShouldBe(ErrorCode.None);
        second.LeaderId.ShouldBe(first.MemberId);
        second.Members.ShouldHaveSingleItem().MemberId.ShouldBe(first.MemberId);
    }

    [Fact]
    public async Task Join_Second_WaitsForTheFirstAndSharesTheWork()
    {
        var first = await StableAloneAsync();

        var joining = Join("");
        joining.IsCompleted.ShouldBeFalse();
        Heartbeat(first).ShouldBe(ErrorCode.RebalanceInProgress);
        var again = await Join(first.MemberId);
        var second = await joining;

        (again.Generation, second.Generation).ShouldBe((2, 2));
        again.Members.Count.ShouldBe(2);
        second.Members.ShouldBeEmpty();
        var syncing = _group.SyncAsync(new("g", 2, second.MemberId, null, []));
        syncing.IsCompleted.ShouldBeFalse();
        await _group.SyncAsync(
            new("g", 2, first.MemberId, null, [new(first.MemberId, [1]), new(second.MemberId, [2])])
        );
        (await syncing).Assignment.ShouldBe([2]);
    }

    [Fact]
    public async Task Tick_SilentMember_IsOutAfterItsSession()
    {
        var first = await StableAloneAsync();

        _time.Advance(TimeSpan.FromSeconds(9));
        _group.Tick();
        Heartbeat(first).ShouldBe(ErrorCode.None);
        _time.Advance(TimeSpan.FromSeconds(10));
        _group.Tick();

        Heartbeat(first).ShouldBe(ErrorCode.UnknownMemberId);
        _group.Describe().State.ShouldBe("Empty");
    }

    [Fact]
    public async Task Tick_MemberDoesNotRejoin_OthersGoOnAfterTheRebalanceTimeout()
    {
        var first = await StableAloneAsync();
        var joining = Join("");

        for (var i = 0; i < 6; i++)
        {
            // Alive, but busy for longer than it said it would be.
            Heartbeat(first);
            _time.Advance(TimeSpan.FromSeconds(5));
            _group.Tick();
        }

        (await joining).Members.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Tick_LeaderGoneBeforeItDivided_OthersAreToldToJoinAgain()
    {
        var first = await StableAloneAsync();
        var joining = Join("");
        await Join(first.MemberId);
        var second = await joining;
        var syncing = _group.SyncAsync(new("g", 2, second.MemberId, null, []));

        _time.Advance(TimeSpan.FromSeconds(10));
        _group.Tick();

        (await syncing).Error.ShouldBe(ErrorCode.RebalanceInProgress);
        (await Join(second.MemberId)).LeaderId.ShouldBe(second.MemberId);
    }

    [Fact]
    public async Task Join_NothingInCommon_IsRefused()
    {
        await StableAloneAsync();

        (await Join("", protocol: "other")).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
    }

    [Fact]
    public async Task Join_SameInstance_ReplacesTheOneBefore()
    {
        var first = await Join("", instance: "i");
        await _group.SyncAsync(new("g", 1, first.MemberId, "i", []));

        var second = await Join("", instance: "i");

        second.Error.ShouldBe(ErrorCode.None);
        _group.Heartbeat(new("g", 1, first.MemberId, "i")).ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public async Task CheckCommit_OldGenerationOrStranger_IsRefused()
    {
        var first = await StableAloneAsync();

        _group.CheckCommit(new("g", 1, first.MemberId, null, [])).ShouldBe(ErrorCode.None);
        _group
            .CheckCommit(new("g", 0, first.MemberId, null, []))
            .ShouldBe(ErrorCode.IllegalGeneration);
        _group.CheckCommit(new("g", 1, "who", null, [])).ShouldBe(ErrorCode.UnknownMemberId);
        _group.CheckCommit(new("g", -1, "", null, [])).ShouldBe(ErrorCode.UnknownMemberId);
        _group.Leave(new(first.MemberId, null)).ShouldBe(ErrorCode.None);
        _group.CheckCommit(new("g", -1, "", null, [])).ShouldBe(ErrorCode.None);
    }

    private async Task<JoinGroupResponse> StableAloneAsync()
    {
        var joined = await Join("");
        await _group.SyncAsync(new("g", 1, joined.MemberId, null, [new(joined.MemberId, [0])]));
        return joined;
    }

    private ErrorCode Heartbeat(JoinGroupResponse member) =>
        _group.Heartbeat(new("g", member.Generation, member.MemberId, null));

    private Task<JoinGroupResponse> Join(
        string memberId,
        bool requireId = false,
        string protocol = "range",
        string? instance = null
    ) =>
        _group.JoinAsync(
            new("g", 10_000, 20_000, memberId, instance, "consumer", [new(protocol, [7])]),
            "client",
            "host",
            requireId
        );
}
