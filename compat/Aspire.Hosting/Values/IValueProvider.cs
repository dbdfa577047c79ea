namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has a value once the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Has a name for its value: <c>{catalogdb.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The name.</summary>
    string ValueExpression { get; }
}

/// <summary>Has a value and a name for it.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
