using ApiSvc.Gateway.Policies;

namespace ApiSvc.Gateway.State;

/// <summary>An operation with its policies.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The specification's operationId, or method and template.</param>
/// <param name="Template">The path template below the base path.</param>
/// <param name="Route">The same with the base path, for telemetry.</param>
/// <param name="Chain">Its policies and those of the version.</param>
internal sealed record OperationState(
    Guid Id,
    string Name,
    string Template,
    string Route,
    PolicyChain Chain
);
