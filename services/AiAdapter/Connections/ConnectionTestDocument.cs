using System.ComponentModel.DataAnnotations;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>What a connection is tried with.</summary>
internal sealed record ConnectionTestInput
{
    /// <summary>A chat model's name at the provider; unless given, the first that the catalogue has of it.</summary>
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression(@"^[\x21-\x7e]*$", ErrorMessage = "Must be printable ASCII without spaces.")]
    public string? Model { get; init; }

    /// <summary>The first that is not disabled, unless given.</summary>
    public Id<ProviderKeyKind>? KeyId { get; init; }
}

/// <summary>What came of asking the provider.</summary>
/// <param name="Succeeded">An answer came, in the format that the provider promises.</param>
/// <param name="Key">Name of the key that was used; null where nothing was sent.</param>
/// <param name="Status">The provider's HTTP status; null where none came.</param>
/// <param name="Failure">Why not; null if it succeeded. <c>unreachable</c> and <c>unsound</c> beside the kinds of failures.</param>
/// <param name="AnsweredBy">The model that answered, in the provider's words.</param>
internal sealed record ConnectionTestDocument(
    bool Succeeded,
    string Model,
    string? Key,
    int? Status,
    ConnectionTestFailure? Failure,
    string? AnsweredBy,
    long InputTokens,
    long OutputTokens,
    long Milliseconds
);

/// <param name="Kind">As usage records have it.</param>
internal sealed record ConnectionTestFailure(string Kind, string Message)
{
    public static ConnectionTestFailure Of(Failure failure, string secret) =>
        new(
            Snake.Of(failure.Kind.ToString()),
            // Some providers repeat the key that they refuse.
            secret.Length > 0
                ? failure.Message.Replace(secret, "***", StringComparison.Ordinal)
                : failure.Message
        );
}
