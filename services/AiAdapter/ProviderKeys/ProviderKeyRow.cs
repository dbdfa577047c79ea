using System.Text.Json;
using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.AiAdapter.ProviderKeys;

/// <summary>A row of the table <c>provider_key</c>.</summary>
internal sealed record ProviderKeyRow : ITeamRow
{
    /// <summary>JSON of a <see cref="ProviderSecret"/>.</summary>
    public static readonly SealedColumn SecretColumn = new("provider_key", "id", "secret");

    public static readonly TeamTable<ProviderKeyRow> Table = new(
        "provider_key",
        "connection_id",
        "name",
        "secret",
        "last_four",
        "requests_per_minute",
        "tokens_per_minute",
        "parallel",
        "disabled",
        "rotated_at"
    );

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public Guid ConnectionId { get; init; }

    public string Name { get; init; } = "";

    public byte[] Secret { get; init; } = [];

    public string LastFour { get; init; } = "";

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerMinute { get; init; }

    public int? Parallel { get; init; }

    public bool Disabled { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public string PublicId => new Id<ProviderKeyKind>(Id).ToString();

    object ITeamRow.Parameters => this;

    object ITeamRow.Document => ToDocument();

    public ProviderKeyRow With(ProviderKeyInput input) =>
        this with
        {
            Name = input.Name,
            RequestsPerMinute = input.RequestsPerMinute,
            TokensPerMinute = input.TokensPerMinute,
            Parallel = input.Parallel,
            Disabled = input.Disabled,
        };

    public ProviderKeyRow With(ProviderSecret secret, ISealer sealer) =>
        this with
        {
            Secret = sealer.Seal(
                SecretColumn.At(Id),
                JsonSerializer.SerializeToUtf8Bytes(secret, JsonSerializerOptions.Web)
            ),
            LastFour = secret.Key[^4..],
        };

    /// <summary>The key in clear, or why it does not open.</summary>
    public (Credential? Credential, string? Fault) Open(ISealer sealer)
    {
        var opened = sealer.Open(SecretColumn.At(Id), Secret);
        if (opened.Value is null)
        {
            return (null, opened.Detail);
        }

        var secret = JsonSerializer.Deserialize<ProviderSecret>(
            opened.Value,
            JsonSerializerOptions.Web
        )!;
        return (
            secret.AccessKeyId is { } id
                ? Credential.Aws(id, secret.Key, secret.SessionToken)
                : Credential.Key(secret.Key),
            null
        );
    }

    public ProviderKeyDocument ToDocument() =>
        new(
            new(Id),
            new(ConnectionId),
            Name,
            LastFour,
            RequestsPerMinute,
            TokensPerMinute,
            Parallel,
            Disabled,
            CreatedAt,
            RotatedAt
        );
}

/// <summary>A provider's key, less the key.</summary>
/// <param name="LastFour">Its last characters, to tell it from others.</param>
/// <param name="RotatedAt">When its secret was last replaced.</param>
internal sealed record ProviderKeyDocument(
    Id<ProviderKeyKind> Id,
    Id<ConnectionKind> ConnectionId,
    string Name,
    string LastFour,
    int? RequestsPerMinute,
    long? TokensPerMinute,
    int? Parallel,
    bool Disabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt
);
