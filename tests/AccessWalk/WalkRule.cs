namespace ApiSvc.AccessWalk;

/// <summary>What holds of every endpoint, whatever the table says.</summary>
internal static class WalkRule
{
    /// <returns>What is wrong with the answer; null: nothing.</returns>
    public static string? FindFault(
        WalkStep step,
        Walker walker,
        WalkAnswer answer,
        WalkScene scene
    ) =>
        walker switch
        {
            Walker.Nobody => answer.Outcome == WalkOutcome.Unauthenticated
                ? null
                : "is answered without a token",
            // Whatever it says: a refusal must not tell either.
            Walker.Stranger when Shown(answer, scene.Theirs) is { } shown =>
                $"shows '{shown}' to another team",
            Walker.Stranger => answer.Outcome is WalkOutcome.Forbidden or WalkOutcome.NotFound
            || (answer.Outcome == WalkOutcome.Done && step.Endpoint.IsRead)
                ? null
                : "neither hides another team's object nor refuses",
            Walker.Viewer => answer.Outcome == WalkOutcome.Forbidden
            || (answer.Outcome == WalkOutcome.Done && step.Endpoint.IsRead)
                ? null
                : "lets a viewer do more than read, or hides what is the team's own",
            Walker.Auditor when step.Endpoint is { IsRead: true, IsStream: false } => answer.Outcome
            == WalkOutcome.Done
                ? null
                : "is not shown to the auditor",
            Walker.Auditor => answer.Outcome == WalkOutcome.Forbidden
            || (answer.Outcome == WalkOutcome.Done && step.Endpoint.IsRead)
                ? null
                : "lets the auditor change something",
            _ => answer.Outcome is WalkOutcome.Done or WalkOutcome.NotNow
                ? null
                : "is refused to the administrator: the walk does not know how to call it",
        };

    /// <summary>
    /// Of a role in a team of its own: what it may not do is refused, and nothing is hidden from it. That the right ones are
    /// refused is the table's.
    /// </summary>
    public static string? FindFault(WalkRole role, WalkAnswer answer, WalkScene scene) =>
        answer.Outcome == WalkOutcome.Unauthenticated ? "does not know who calls"
        : !role.IsOfPlatform && Shown(answer, scene.Own) is { } shown
            ? $"shows '{shown}' of another team"
        : null;

    /// <summary>The first of the texts that the answer has.</summary>
    public static string? Shown(WalkAnswer answer, IEnumerable<string> texts) =>
        texts.FirstOrDefault(t => answer.Text.Contains(t, StringComparison.Ordinal));
}
