using System.Net;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Catalog.Outcomes;

/// <summary>Who makes a change, and from where. A parameter of route handlers.</summary>
internal sealed record Actor(Caller Caller, IPAddress? Address)
{
    public static ValueTask<Actor?> BindAsync(HttpContext context) => new(Of(context));

    public static Actor Of(HttpContext context) =>
        new(context.GetCaller(), context.Connection.RemoteIpAddress);

    public static Actor Of(ServerCallContext call) => Of(call.GetHttpContext());

    public AuditEntry Did(
        string action,
        string id,
        Guid? team,
        object? before = null,
        object? after = null
    ) =>
        new()
        {
            Caller = Caller,
            Address = Address,
            Action = action,
            ObjectKind = action[..action.IndexOf('.', StringComparison.Ordinal)],
            ObjectId = id,
            Team = team,
            Before = before,
            After = after,
        };
}
