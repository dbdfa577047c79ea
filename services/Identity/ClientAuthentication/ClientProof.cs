namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>What a client says to prove itself, read but not judged. Without secret and assertion it only says who it is.</summary>
internal sealed record ClientProof(string ClientId)
{
    /// <summary>Its secret (RFC 6749 section 2.3.1).</summary>
    public string? Secret { get; init; }

    /// <summary>A token that it signed (RFC 7523 section 2.2).</summary>
    public string? Assertion { get; init; }

    /// <summary>Without the proof: a record's text ends up in logs.</summary>
    public override string ToString() => ClientId;
}
