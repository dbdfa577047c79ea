namespace ApiSvc.Identity.Keys;

/// <summary>What a key is for at a moment.</summary>
internal enum SigningKeyPhase
{
    /// <summary>Published, so that everybody knows it when it signs.</summary>
    Next,

    /// <summary>Signs.</summary>
    Signing,

    /// <summary>Published, because tokens that it signed may still be valid.</summary>
    Retired,
}

/// <summary>
/// Which key is for what, as the rows and the clock say: instances with the same rows agree without asking one another.
/// There is always a next one that is published already, so that a leaked one can be put out of use at once.
/// </summary>
internal static class SigningKeySchedule
{
    /// <summary>The one that signs by an algorithm; null if there is none.</summary>
    public static SigningKeyRow? FindSigning(
        IEnumerable<SigningKeyRow> rows,
        string algorithm,
        DateTime now
    ) =>
        rows.Where(r => r.Algorithm == algorithm && r.SignsFrom <= now)
            .OrderBy(r => r.SignsFrom)
            .ThenBy(r => r.Id)
            .LastOrDefault();

    /// <summary>The one whose turn is next: decided, or else the one that waits.</summary>
    public static SigningKeyRow? FindNext(
        IEnumerable<SigningKeyRow> rows,
        string algorithm,
        DateTime now
    ) =>
        rows.Where(r => r.Algorithm == algorithm && !(r.SignsFrom <= now))
            .OrderBy(r => r.SignsFrom ?? DateTime.MaxValue)
            .ThenBy(r => r.Id)
            .FirstOrDefault();

    public static SigningKeyPhase PhaseOf(
        SigningKeyRow row,
        IReadOnlyCollection<SigningKeyRow> rows,
        DateTime now
    ) =>
        !(row.SignsFrom <= now) ? SigningKeyPhase.Next
        : FindSigning(rows, row.Algorithm, now) == row ? SigningKeyPhase.Signing
        : SigningKeyPhase.Retired;

    /// <summary>When it ceased to sign, or will; null if that is not decided.</summary>
    public static DateTime? RetiredAt(SigningKeyRow row, IEnumerable<SigningKeyRow> rows) =>
        rows.Where(r => r.Algorithm == row.Algorithm && r.SignsFrom > row.SignsFrom)
            .Min(r => r.SignsFrom);

    /// <summary>Whether a schedule says that the next one shall sign now.</summary>
    public static bool IsDue(
        SigningKeyRow signing,
        SigningKeyRow next,
        SigningKeyOptions options,
        DateTime now
    ) =>
        next.SignsFrom is null
        && now >= signing.SignsFrom + options.RotateEvery
        && now >= next.CreatedAt + options.PublishAhead;

    /// <summary>Whether no token that it signed can still be valid.</summary>
    public static bool IsOver(
        SigningKeyRow row,
        IReadOnlyCollection<SigningKeyRow> rows,
        SigningKeyOptions options,
        DateTime now
    ) =>
        PhaseOf(row, rows, now) == SigningKeyPhase.Retired
        && now >= RetiredAt(row, rows) + options.KeepRetired;
}
