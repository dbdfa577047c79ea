using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Exchanges;

internal enum CallerKind
{
    Anonymous,
    ApiKey,
    Token,
}

/// <summary>Who calls. One object per credential, shared by its calls.</summary>
internal sealed class Caller
{
    private CallerStanding? _standing;

    public static Caller Anonymous { get; } = new() { Kind = CallerKind.Anonymous };

    public required CallerKind Kind { get; init; }

    /// <summary>The application that the credential belongs to; empty for an anonymous caller.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Subject of the token, if it speaks for somebody.</summary>
    public string? Subject { get; init; }

    /// <summary><see cref="Subject"/> as a part of counters' keys.</summary>
    public UInt128 SubjectKey { get; init; }

    /// <summary>What people may see of the credential: a key's visible part, a token's client. For records.</summary>
    public string Credential { get; init; } = "";

    /// <summary>What the credential is limited to; null: to nothing, it stands for the whole application.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>What the configuration was found to say of it; whoever reads it looks whether it still holds.</summary>
    public CallerStanding? Standing
    {
        get => Volatile.Read(ref _standing);
        set => Volatile.Write(ref _standing, value);
    }
}
