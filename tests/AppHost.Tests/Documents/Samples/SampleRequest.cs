using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>A request that a document allows.</summary>
/// <param name="Target">Path and query below the API's base path.</param>
/// <param name="Fields">Without those of the body.</param>
/// <param name="MediaType">Of the body; empty without one.</param>
/// <param name="Body">Null for none.</param>
/// <param name="Traits">What there is to it, for choosing different ones.</param>
internal sealed record SampleRequest(
    PlainOperation Operation,
    string Target,
    IReadOnlyList<(string Name, string Value)> Fields,
    string MediaType,
    byte[]? Body,
    IReadOnlyList<string> Traits
);
