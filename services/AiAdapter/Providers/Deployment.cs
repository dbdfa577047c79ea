using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Providers;

/// <summary>One model at one provider with one key: what a call is sent to.</summary>
internal sealed record Deployment
{
    public required string Name { get; init; }

    public required ProviderConfig Provider { get; init; }

    /// <summary>The model's name at the provider; at Azure the deployment's.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the key, never the key.</summary>
    public required string KeyName { get; init; }

    public Credential Credential { get; init; } = Credential.None;

    public ModelTraits Traits { get; init; } = new();

    /// <summary>Fills the places in the provider's address: <c>region</c>, <c>resource</c>, …</summary>
    public IReadOnlyDictionary<string, string> Places { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Version of the provider's API, where it has versions.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Leaves out parameters the model cannot take, with a warning, instead of refusing them.</summary>
    public bool DropUnsupported { get; init; }

    public Provenance Provenance => new(Provider.Name, Model, KeyName);
}

/// <summary>A secret. Its text is never part of a log or message.</summary>
internal sealed class Credential
{
    private Credential(string secret, string accessKey, string? session)
    {
        Secret = secret;
        AccessKey = accessKey;
        Session = session;
    }

    public static Credential None { get; } = new("", "", null);

    public string Secret { get; }

    /// <summary>AWS' access key id.</summary>
    public string AccessKey { get; }

    /// <summary>AWS' session token.</summary>
    public string? Session { get; }

    public static Credential Key(string secret) => new(secret, "", null);

    public static Credential Aws(string accessKey, string secret, string? session = null) =>
        new(secret, accessKey, session);

    public override string ToString() => "***";
}

/// <summary>What the model takes, as far as a request's form depends on it.</summary>
internal sealed record ModelTraits
{
    /// <summary>The most it answers with: what is sent where a limit is mandatory and the client gave none.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The most of prompt and answer together.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Takes temperature, top_p and the like; the newest reasoning models do not.</summary>
    public bool Sampling { get; init; } = true;

    public bool Tools { get; init; } = true;

    public bool Vision { get; init; } = true;

    public bool StructuredOutput { get; init; } = true;

    public bool Reasoning { get; init; } = true;

    /// <summary>Efforts it knows, in ascending order; others become the next lower one.</summary>
    public IReadOnlyList<Effort> Efforts { get; init; } = [Effort.Low, Effort.Medium, Effort.High];

    /// <summary>Thinks by a budget of tokens, not by an effort.</summary>
    public bool ThinksByBudget { get; init; }

    /// <summary>The effort to ask for; null to ask for none.</summary>
    public Effort? Nearest(Effort wanted)
    {
        Effort? found = Efforts.Count > 0 ? Efforts[0] : null;
        foreach (var effort in Efforts)
        {
            found = effort <= wanted ? effort : found;
        }

        return found;
    }
}
