namespace ApiSvc.AccessWalk;

/// <summary>What came of a call.</summary>
internal enum WalkOutcome
{
    Done,

    /// <summary>401, <c>UNAUTHENTICATED</c>.</summary>
    Unauthenticated,

    /// <summary>403, <c>PERMISSION_DENIED</c>.</summary>
    Forbidden,

    /// <summary>404, <c>NOT_FOUND</c>.</summary>
    NotFound,

    /// <summary>409 or 412, <c>ABORTED</c>, <c>FAILED_PRECONDITION</c>: the request is right, the object's state is not.</summary>
    NotNow,

    /// <summary>Anything else: the request is not what the endpoint takes, or it failed.</summary>
    Wrong,
}

/// <param name="Outcome">For rules.</param>
/// <param name="Status">For the table: the protocol's own word.</param>
/// <param name="Text">All that it says.</param>
internal sealed record WalkAnswer(WalkOutcome Outcome, string Status, string Text);
