using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Tests.GrpcCalls.Proto;
using Grpc.Core;

namespace ApiSvc.ServiceDefaults.Tests.GrpcCalls;

internal sealed class ThingsService : Things.ThingsBase
{
    [RequirePermission(
        "apis.read",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(FakeTeams)
    )]
    public override Task<Thing> Get(ThingRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing { Id = request.Id });

    [RequirePermission(
        "apis.write",
        Team = TeamSource.Owner,
        Field = "thing.id",
        Lookup = typeof(FakeTeams)
    )]
    public override Task<Thing> Update(UpdateRequest request, ServerCallContext context) =>
        Task.FromResult(request.Thing);

    [RequirePermission("apis.write", Team = TeamSource.Message, Field = "team_id")]
    public override Task<Thing> Create(CreateRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing());

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override Task<Thing> List(CreateRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing());

    [RequirePermission(
        "apis.read",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(FakeTeams)
    )]
    public override Task Watch(
        ThingRequest request,
        IServerStreamWriter<Thing> responseStream,
        ServerCallContext context
    ) => responseStream.WriteAsync(new Thing { Id = request.Id });

    [RequirePermission("nodes.write", Team = TeamSource.Platform)]
    public override Task<Thing> Upload(
        IAsyncStreamReader<Thing> requestStream,
        ServerCallContext context
    ) => Task.FromResult(new Thing());

    [RequirePermission("nodes.write", Team = TeamSource.Platform)]
    public override Task Chat(
        IAsyncStreamReader<Thing> requestStream,
        IServerStreamWriter<Thing> responseStream,
        ServerCallContext context
    ) => responseStream.WriteAsync(new Thing());

    [AnonymousCaller]
    public override Task<Thing> Ping(ThingRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing { Id = context.GetHttpContext().GetCaller().Subject });

    [AnyCaller]
    public override Task<Thing> Fail(ThingRequest request, ServerCallContext context) =>
        request.Id switch
        {
            "problem" => throw new ApiProblemException(
                new ApiProblem
                {
                    Status = 400,
                    Code = "invalid-request",
                    Detail = "Zwei Fehler — 100 %.",
                    Errors =
                    [
                        new Violation("#/name", "required", "Give a name."),
                        new Violation("#/size", "range", "1 to 10."),
                    ],
                    RetryAfter = 7,
                }
            ),
            _ => throw new InvalidOperationException("Password=hunter2"),
        };
}

/// <summary>Leaves its method undeclared, or declares it wrongly.</summary>
internal sealed class UndeclaredService : Things.ThingsBase
{
    public override Task<Thing> Get(ThingRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing());

    [RequirePermission("apis.write")]
    public override Task<Thing> Update(UpdateRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing());

    [RequirePermission("apis.write", Team = TeamSource.Message, Field = "team")]
    public override Task<Thing> Create(CreateRequest request, ServerCallContext context) =>
        Task.FromResult(new Thing());

    [RequirePermission("apis.read", Team = TeamSource.Owner, Field = "id", Lookup = typeof(string))]
    public override Task Watch(
        ThingRequest request,
        IServerStreamWriter<Thing> responseStream,
        ServerCallContext context
    ) => Task.CompletedTask;

    [RequirePermission("apis.write", Team = TeamSource.Message, Field = "id")]
    public override Task<Thing> Upload(
        IAsyncStreamReader<Thing> requestStream,
        ServerCallContext context
    ) => Task.FromResult(new Thing());
}
