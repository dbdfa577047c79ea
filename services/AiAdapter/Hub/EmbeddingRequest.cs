namespace ApiSvc.AiAdapter.Hub;

/// <summary>Texts to turn into vectors.</summary>
/// <param name="Inputs">In the order of the answer.</param>
/// <param name="Base64">The client wants each vector as base 64 of little-endian floats.</param>
internal sealed record EmbeddingRequest(
    string Model,
    IReadOnlyList<string> Inputs,
    long? Dimensions,
    bool Base64,
    string? User,
    RequestSource Source
);

internal sealed record EmbeddingAnswer(string Model, IReadOnlyList<float[]> Vectors, Usage Usage);
