using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Tests.GrpcCalls.Proto;
using ApiSvc.ServiceDefaults.Tests.ServiceTokens;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.GrpcCalls;

/// <summary>Over a real connection to the <c>grpc</c> endpoint.</summary>
public sealed class GrpcPermissionTests : IAsyncLifetime
{
    private readonly FakeTeams _teams = new();
    private FakeIssuer _issuer = null!;
    private ServiceHost _host = null!;
    private GrpcChannel _channel = null!;
    private Things.ThingsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await FakeIssuer.StartAsync();
        _host = await ServiceHost.StartAsync(
            app => app.MapGrpcService<ThingsService>(),
            builder =>
            {
                builder.Services.AddSingleton(_teams);
            },
            ("Tokens:Issuer", _issuer.Issuer),
            ("Permissions:Roles:admin:0", "*"),
            ("Permissions:Roles:publisher:0", "apis.read"),
            ("Permissions:Roles:publisher:1", "apis.write"),
            ("Permissions:Roles:viewer:0", "apis.read")
        );
        _channel = GrpcChannel.ForAddress(_host.Address("grpc"));
        _client = new Things.ThingsClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("own", null, "viewer", StatusCode.OK)]
    [InlineData("own", null, "unheard-of", StatusCode.PermissionDenied)]
    [InlineData("hidden", null, "viewer", StatusCode.NotFound)]
    [InlineData("published", null, "viewer", StatusCode.PermissionDenied)]
    [InlineData("nowhere", null, "viewer", StatusCode.NotFound)]
    [InlineData("", null, "viewer", StatusCode.NotFound)]
    [InlineData("hidden", "admin", null, StatusCode.OK)]
    public async Task Unary_ByOwner_IsAnsweredByTheRule(
        string id,
        string? platformRole,
        string? teamRole,
        StatusCode expected
    ) =>
        (
            await StatusOfAsync(
                _client
                    .GetAsync(new ThingRequest { Id = id }, Token(platformRole, teamRole))
                    .ResponseAsync
            )
        ).ShouldBe(expected);

    [Fact]
    public async Task Unary_FieldInsideAnotherMessage_IsFound()
    {
        var token = Token(null, "publisher");

        (await StatusOfAsync(Update("own"))).ShouldBe(StatusCode.OK);
        (await StatusOfAsync(Update("hidden"))).ShouldBe(StatusCode.NotFound);
        // The outer message without the inner one names no object.
        (
            await StatusOfAsync(_client.UpdateAsync(new UpdateRequest(), token).ResponseAsync)
        ).ShouldBe(StatusCode.NotFound);

        Task<Thing> Update(string id) =>
            _client
                .UpdateAsync(new UpdateRequest { Thing = new Thing { Id = id } }, token)
                .ResponseAsync;
    }

    [Fact]
    public async Task Unary_TeamInTheMessage_IsEnforced()
    {
        var token = Token(null, "publisher");

        (await StatusOfAsync(Create(FakeTeams.OwnId))).ShouldBe(StatusCode.OK);
        (await StatusOfAsync(Create(FakeTeams.OtherId))).ShouldBe(StatusCode.NotFound);
        (await StatusOfAsync(Create("nonsense"))).ShouldBe(StatusCode.NotFound);

        Task<Thing> Create(string team) =>
            _client.CreateAsync(new CreateRequest { TeamId = team }, token).ResponseAsync;
    }

    [Fact]
    public async Task Unary_AnyTeam_NeedsThePermissionInOne()
    {
        var request = new CreateRequest();

        (
            await StatusOfAsync(_client.ListAsync(request, Token(null, "viewer")).ResponseAsync)
        ).ShouldBe(StatusCode.OK);
        (await StatusOfAsync(_client.ListAsync(request, Token(null, null)).ResponseAsync)).ShouldBe(
            StatusCode.PermissionDenied
        );
    }

    [Fact]
    public async Task ServerStreaming_HiddenObject_EndsBeforeAnyMessage()
    {
        using var hidden = _client.Watch(new ThingRequest { Id = "hidden" }, Token(null, "viewer"));
        using var own = _client.Watch(new ThingRequest { Id = "own" }, Token(null, "viewer"));

        (await StatusOfAsync(hidden.ResponseStream.MoveNext(default))).ShouldBe(
            StatusCode.NotFound
        );
        (await own.ResponseStream.MoveNext(default)).ShouldBeTrue();
    }

    [Fact]
    public async Task StreamsOfRequests_OnThePlatform_AreEnforced()
    {
        using var upload = _client.Upload(Token(null, "publisher"));
        using var chat = _client.Chat(Token(null, "publisher"));
        using var permitted = _client.Chat(Token("admin", null));

        (await StatusOfAsync(upload.ResponseAsync)).ShouldBe(StatusCode.PermissionDenied);
        (await StatusOfAsync(chat.ResponseStream.MoveNext(default))).ShouldBe(
            StatusCode.PermissionDenied
        );
        (await permitted.ResponseStream.MoveNext(default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Call_WithoutToken_IsUnauthenticatedAndNothingIsLookedUp()
    {
        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await _client.GetAsync(new ThingRequest { Id = "own" })
        );

        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        refused.Status.Detail.ShouldBe(PermissionProblems.Unauthenticated.Detail);
        Reason(refused).ShouldBe("UNAUTHENTICATED");
        _teams.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Call_WithABadToken_SaysWhy()
    {
        var headers = new Metadata
        {
            { "authorization", $"Bearer {_issuer.Token(d => d.Audience = "x")}" },
        };

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await _client.GetAsync(new ThingRequest { Id = "own" }, headers)
        );

        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        refused.Status.Detail.ShouldContain("another audience");
    }

    [Fact]
    public async Task AnonymousMethod_WithoutToken_IsAnswered() =>
        (await _client.PingAsync(new ThingRequest())).Id.ShouldBe("anonymous");

    [Fact]
    public async Task Problem_Thrown_ArrivesWithAllItsDetails()
    {
        var failed = await Should.ThrowAsync<RpcException>(async () =>
            await _client.FailAsync(new ThingRequest { Id = "problem" }, Token(null, null))
        );

        failed.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        failed.Status.Detail.ShouldBe("Zwei Fehler — 100 %.");
        var status = failed.GetRpcStatus()!;
        status
            .GetDetail<BadRequest>()!
            .FieldViolations.Select(v => v.Field)
            .ShouldBe(["#/name", "#/size"]);
        Reason(failed).ShouldBe("INVALID_REQUEST");
        status.GetDetail<RetryInfo>()!.RetryDelay.Seconds.ShouldBe(7);
    }

    [Fact]
    public async Task UnknownException_Thrown_IsInternalAndKeepsItsMessageBack()
    {
        var failed = await Should.ThrowAsync<RpcException>(async () =>
            await _client.FailAsync(new ThingRequest { Id = "bug" }, Token(null, null))
        );

        failed.StatusCode.ShouldBe(StatusCode.Internal);
        failed.Status.Detail.ShouldNotContain("hunter2");
        failed.Status.Detail.ShouldMatch("^Internal error, trace [0-9a-f]{32}\\.$");
    }

    [Fact]
    public async Task Start_MethodsDeclaredWrongly_IsRefusedListingThemAll()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() =>
            ServiceHost.StartAsync(app => app.MapGrpcService<UndeclaredService>())
        );

        refused.Message.ShouldContain("/apisvc.sample.v1.Things/Get: declares nothing");
        refused.Message.ShouldContain(
            "/apisvc.sample.v1.Things/Update: does not say how the team is found"
        );
        refused.Message.ShouldContain("CreateRequest has no field 'team'");
        refused.Message.ShouldContain("Lookup must be an ITeamLookup");
        refused.Message.ShouldContain(
            "/apisvc.sample.v1.Things/Upload: a method with a stream of requests"
        );
        // Methods that are not overridden answer UNIMPLEMENTED, but are mapped all the same.
        refused.Message.ShouldContain("/apisvc.sample.v1.Things/Ping: declares nothing");
    }

    private static string? Reason(RpcException exception) =>
        ErrorInfo
            .Descriptor.FindFieldByNumber(1)
            .Accessor.GetValue(exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!) as string;

    private Metadata Token(string? platformRole, string? teamRole)
    {
        var claims = new Dictionary<string, object>();
        if (platformRole is not null)
        {
            claims["roles"] = new List<string> { platformRole };
        }

        if (teamRole is not null)
        {
            claims["teams"] = new Dictionary<string, object>
            {
                [FakeTeams.OwnId] = new List<string> { teamRole },
            };
        }

        return new Metadata { { "authorization", $"Bearer {_issuer.Token(claims: claims)}" } };
    }

    private static async Task<StatusCode> StatusOfAsync(Task call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
