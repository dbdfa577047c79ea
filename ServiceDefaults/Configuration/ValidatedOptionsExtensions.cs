using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>Reads configuration in one way.</summary>
public static class ValidatedOptionsExtensions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to a section. At the start everything wrong with it stops the service
    /// at once: unknown keys, values of another form, annotations, <c>IValidatableObject</c>; each message names
    /// the key and its environment variable. What is in effect is logged once, less secrets
    /// (<see cref="SecretAttribute"/>, and names such as <c>Password</c>).
    /// </summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="section">The section's key, such as <c>Sealing</c>.</param>
    public static OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(
        this IServiceCollection services,
        string section
    )
        where TOptions : class
    {
        var options = services.AddOptions<TOptions>();
        if (services.Any(s => s.ImplementationInstance is Registration<TOptions>))
        {
            return options;
        }

        if (!services.Any(s => s.ImplementationType == typeof(EffectiveConfiguration)))
        {
            services.AddHostedService<EffectiveConfiguration>();
        }

        services.AddSingleton(new Registration<TOptions>());
        services.AddSingleton<IValidateOptions<TOptions>>(sp => new SectionValidator<TOptions>(
            sp.GetRequiredService<IConfiguration>(),
            section
        ));
        services.AddSingleton(sp => new RegisteredOptions(
            section,
            () => sp.GetRequiredService<IOptions<TOptions>>().Value
        ));
        return options
            .Configure<IConfiguration>((o, configuration) => Bind(configuration, section, o))
            .ValidateOnStart();
    }

    // The binder stops at the first value of another form. Without those it fills in all the rest, which can then be
    // judged too; validation names the ones left out.
    private static void Bind(IConfiguration configuration, string key, object options)
    {
        var section = configuration.GetSection(key);
        var wrong = SectionCheck
            .Run(section, options.GetType())
            .Select(f => f.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (wrong.Count == 0)
        {
            section.Bind(options);
            return;
        }

        var right = section.AsEnumerable().Where(s => !wrong.Contains(s.Key));
        new ConfigurationBuilder()
            .AddInMemoryCollection(right)
            .Build()
            .GetSection(key)
            .Bind(options);
    }

    private sealed record Registration<TOptions>;
}
