using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.ServiceDefaults.GrpcCalls;

/// <summary>The field <c>etag</c> of messages: the text of the <c>ETag</c> that REST has.</summary>
public static class MessageEtag
{
    /// <summary>The etag of a version.</summary>
    public static string Of(long version) => EntityTag.From(version).ToString();

    /// <summary>
    /// Compares what the client last saw with the version that was read. The change itself must be made on that
    /// version only, because another may come between.
    /// </summary>
    /// <param name="etag">The request's field; one that is empty is a violation, so that nobody overwrites unseen.</param>
    /// <param name="version">The object's version.</param>
    /// <param name="field">Where the field is, for the violation: <c>#/team/etag</c>.</param>
    /// <returns>Null, or the problem.</returns>
    public static ApiProblem? Check(string etag, long version, string field)
    {
        if (string.IsNullOrEmpty(etag))
        {
            return ApiProblem.Invalid(
                new Violation(field, "required", "Give the etag of the object as you read it.")
            );
        }

        return etag == Of(version) ? null : Stale(version);
    }

    /// <summary>The problem of a change that another one overtook: ABORTED, as the contracts say.</summary>
    public static ApiProblem Stale(long version) =>
        ApiProblem.Conflict(
            "stale-etag",
            $"The object has changed: it is at {Of(version)} now. Read it again."
        );
}
