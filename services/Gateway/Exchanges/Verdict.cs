namespace ApiSvc.Gateway.Exchanges;

/// <summary>What a policy says of a request: go on, or this is the answer.</summary>
internal readonly record struct Verdict(Answer? Answer)
{
    public static Verdict Continue => default;

    public static implicit operator Verdict(Answer answer) => new(answer);

    public static Verdict Of(Answer answer) => new(answer);
}
