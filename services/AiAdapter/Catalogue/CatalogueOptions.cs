using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Where known models and providers are read from; section <c>Catalogue</c>.</summary>
internal sealed class CatalogueOptions
{
    public const string Section = "Catalogue";

    /// <summary>A file in the form of the built-in <c>models.json</c>, in its place; the built-in one unless given.</summary>
    public string? ModelsFile { get; set; }

    /// <summary>A file in the form of the built-in <c>providers.json</c>, in its place; the built-in one unless given.</summary>
    public string? ProvidersFile { get; set; }

    /// <summary>How often it is looked whether a file has changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(10);
}
