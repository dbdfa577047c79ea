namespace ApiSvc.AccessWalk;

/// <summary>Who walks: one column of the table each.</summary>
public enum Walker
{
    /// <summary>Without a token.</summary>
    Nobody,

    /// <summary>The owner of another team than the one whose objects are asked for.</summary>
    Stranger,

    /// <summary>A viewer of the objects' team.</summary>
    Viewer,

    /// <summary>The platform's auditor.</summary>
    Auditor,

    /// <summary>The platform's administrator. Comes last at each endpoint: what is asked for happens.</summary>
    Admin,
}
