namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>What kind of thing an <see cref="Id{TKind}"/> names; the type exists so that ids are not mixed up.</summary>
public interface IIdKind
{
    /// <summary>What the public form starts with, small letters, without the underscore: <c>api</c>.</summary>
    static abstract string Prefix { get; }
}
