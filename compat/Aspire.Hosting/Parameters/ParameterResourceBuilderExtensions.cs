using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>The shortest password with 128 bits, of the characters that passwords are made of.</summary>
    private const int PasswordLength = 22;

    /// <summary>Adds a parameter that has to be configured, as <c>Parameters:NAME</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) => builder.AddResource(new ParameterResource(name, _ => Configured(builder, name), secret));

    /// <summary>Adds a parameter with a value, which configuration can change.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false
    ) =>
        builder.AddResource(
            new ParameterResource(name, _ => builder.Configuration[Key(name)] ?? value, secret)
        );

    /// <summary>Adds a parameter with a default value, which configuration can change.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether it must be hidden.</param>
    /// <param name="persist">Whether the default is made once, and kept with the application's data.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    ) => builder.AddResource(Create(builder, name, value, secret, persist));

    /// <summary>Makes a password that is generated once and kept, unless it is configured.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0
    ) =>
        Create(
            builder,
            name,
            new GenerateParameterDefault
            {
                MinLength = PasswordLength,
                Lower = lower,
                Upper = upper,
                Numeric = numeric,
                Special = special,
                MinLower = minLower,
                MinUpper = minUpper,
                MinNumeric = minNumeric,
                MinSpecial = minSpecial,
            },
            secret: true,
            persist: true
        );

    private static ParameterResource Create(
        IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret,
        bool persist
    ) =>
        new(
            name,
            _ =>
                builder.Configuration[Key(name)]
                ?? (
                    persist
                        ? builder.Local().Parameters.GetOrAdd(name, value)
                        : value.GetDefaultValue()
                ),
            secret
        )
        {
            Default = value,
        };

    private static string Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[Key(name)]
        ?? throw new DistributedApplicationException(
            $"The parameter '{name}' has no value: set the configuration key {Key(name)} (as an environment variable Parameters__{name})."
        );

    private static string Key(string name) => $"Parameters:{name}";
}
