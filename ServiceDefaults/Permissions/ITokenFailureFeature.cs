namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Why the access token that a request carries was not accepted.</summary>
internal interface ITokenFailureFeature
{
    /// <summary>A few known words, without quotation marks: they go into a header.</summary>
    string Reason { get; }

    /// <summary>Whether the token could not be checked at all for now.</summary>
    bool IsTemporary { get; }
}
