using System.Text;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>Adds sealing to a service.</summary>
public static class SealingExtensions
{
    /// <summary>
    /// Adds <see cref="ISealer"/> and <see cref="KeyRing"/> from the section <c>Sealing</c>. A service without keys
    /// does not start: a key made up at the start would be lost with the process, and with it what it sealed.
    /// </summary>
    public static TBuilder AddSealing<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddValidatedOptions<SealingOptions>("Sealing");
        builder.Services.TryAddSingleton(sp =>
            KeyRing.From(sp.GetRequiredService<IOptions<SealingOptions>>().Value)
        );
        builder.Services.TryAddSingleton<ISealer, Sealer>();
        return builder;
    }

    /// <summary>Registers a column of sealed values, and the command <c>rewrap</c>.</summary>
    public static IServiceCollection AddSealedColumn(
        this IServiceCollection services,
        SealedColumn column
    ) => services.AddSingleton(column).AddServiceCommand<RewrapCommand>();

    /// <summary>Seals a text as UTF-8.</summary>
    public static byte[] SealText(this ISealer sealer, SealedPlace place, string text)
    {
        ArgumentNullException.ThrowIfNull(sealer);
        return sealer.Seal(place, Encoding.UTF8.GetBytes(text));
    }
}
