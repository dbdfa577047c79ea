using System.Net;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Identity.Changes;

/// <summary>Who changes something, from where.</summary>
internal sealed record Actor(Caller Caller, IPAddress? Address)
{
    public static Actor Of(HttpContext http) =>
        new(http.GetCaller(), http.Connection.RemoteIpAddress);

    public static Actor Of(ServerCallContext call) => Of(call.GetHttpContext());

    /// <summary>Identity itself, in a background job.</summary>
    public static Actor Itself { get; } = new(Caller.System("identity"), Address: null);

    /// <summary>The audit entry of a change that was made.</summary>
    /// <param name="action">Object and verb: <c>team.create</c>.</param>
    /// <param name="objectId">The object's public id.</param>
    /// <param name="team">Its team, if any.</param>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    public AuditEntry Did(
        string action,
        string objectId,
        Guid? team,
        object? before = null,
        object? after = null
    ) =>
        new()
        {
            Caller = Caller,
            Address = Address,
            Action = action,
            ObjectKind = action.Split('.')[0],
            ObjectId = objectId,
            Team = team,
            Before = before,
            After = after,
        };
}
