namespace ApiSvc.Analytics.Rollups;

/// <summary>Kinds of failed calls; the number is that of the column in <see cref="Measures.Columns"/>.</summary>
internal enum ErrorKind
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>The gateway answered 401 or 403.</summary>
    Unauthorized = 1,

    /// <summary>The gateway answered 429: a limit or a quota.</summary>
    Limited = 2,

    /// <summary>The gateway answered another 4xx.</summary>
    Refused = 3,

    /// <summary>The upstream answered 4xx.</summary>
    Client = 4,

    /// <summary>The upstream answered 5xx.</summary>
    Upstream = 5,

    /// <summary>The gateway answered 5xx, or there was no answer at all.</summary>
    Gateway = 6,
}

/// <summary>Tells the kind of a call.</summary>
internal static class ErrorKinds
{
    public static ErrorKind Of(int status, bool answeredByGateway) =>
        status switch
        {
            0 => ErrorKind.Gateway,
            < 400 => ErrorKind.None,
            401 or 403 when answeredByGateway => ErrorKind.Unauthorized,
            429 when answeredByGateway => ErrorKind.Limited,
            < 500 => answeredByGateway ? ErrorKind.Refused : ErrorKind.Client,
            _ => answeredByGateway ? ErrorKind.Gateway : ErrorKind.Upstream,
        };

    /// <summary>The same in SQL, over the columns of <c>call</c>.</summary>
    public const string Sql = """
        case when status = 0 then 6 when status < 400 then 0
          when problem_text is null and refused_by_text is null then case when status < 500 then 4 else 5 end
          when status in (401, 403) then 1 when status = 429 then 2 when status < 500 then 3 else 6 end
        """;
}
