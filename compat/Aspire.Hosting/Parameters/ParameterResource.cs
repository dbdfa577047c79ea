namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is given from outside.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name; it is configured as <c>Parameters:NAME</c>.</param>
    /// <param name="callback">Finds the value; called once, when it is needed.</param>
    /// <param name="secret">Whether it must be hidden.</param>
    public ParameterResource(
        string name,
        Func<ParameterDefault?, string> callback,
        bool secret = false
    )
        : base(name)
    {
        _value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    /// <summary>The value where none is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether it must be hidden.</summary>
    public bool Secret { get; }

    /// <summary>The value, if somebody needed it already.</summary>
    internal string? KnownValue => _value.IsValueCreated ? _value.Value : null;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value.</summary>
    /// <exception cref="DistributedApplicationException">There is none; the message names the key.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        new(_value.Value);
}
