using System.Net;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>Who makes a change, and from where. A parameter of route handlers.</summary>
public sealed record Actor(Caller Caller, IPAddress? Address)
{
    /// <summary>Makes it a parameter of route handlers.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>Of a call over REST.</summary>
    public static Actor Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.GetCaller(), context.Connection.RemoteIpAddress);
    }

    /// <summary>Of a call over gRPC.</summary>
    public static Actor Of(ServerCallContext call) => Of(call.GetHttpContext());

    /// <summary>A service itself, in a background job.</summary>
    public static Actor System(string service) => new(Caller.System(service), Address: null);

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
    )
    {
        ArgumentNullException.ThrowIfNull(action);
        return new()
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
}
