using System.Text.Json;
using ApiSvc.AiAdapter.Formats.Azure;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Embeddings;

/// <summary>Embeddings at each family of providers that has them.</summary>
internal static class EmbeddingProviders
{
    /// <summary>What to send; null if the provider's family has no embeddings.</summary>
    public static ProviderRequest? Write(EmbeddingRequest request, Deployment deployment) =>
        deployment.Provider.Family switch
        {
            FormatNames.ChatCompletions or FormatNames.Responses => ProviderAddress.Make(
                deployment,
                "/embeddings",
                OpenAi(request, deployment)
            ),
            FormatNames.AzureOpenAi or FormatNames.AzureOpenAi + "-responses" =>
                AzureFamilies.Address(deployment, "embeddings", OpenAi(request, deployment)),
            FormatNames.Gemini => ProviderAddress.Make(
                deployment,
                $"/models/{Uri.EscapeDataString(deployment.Model)}:batchEmbedContents",
                Gemini(request, deployment)
            ),
            FormatNames.Ollama => ProviderAddress.Make(
                deployment,
                "/api/embed",
                Ollama(request, deployment)
            ),
            _ => null,
        };

    /// <summary>Reads an answer; null if it is not what the family promises.</summary>
    public static EmbeddingAnswer? Read(
        ReadOnlyMemory<byte> body,
        EmbeddingRequest request,
        Deployment deployment
    )
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var answer = deployment.Provider.Family switch
            {
                FormatNames.Gemini => ReadGemini(document.RootElement),
                FormatNames.Ollama => ReadOllama(document.RootElement),
                _ => ReadOpenAi(document.RootElement),
            };
            return answer.Vectors.Count == request.Inputs.Count ? answer : null;
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static byte[] OpenAi(EmbeddingRequest request, Deployment deployment) =>
        Json(json =>
        {
            json.WriteString("model"u8, deployment.Model);
            Texts(json, "input", request.Inputs);
            json.WriteString("encoding_format"u8, "float"u8);
            if (request.Dimensions is { } dimensions)
            {
                json.WriteNumber("dimensions"u8, dimensions);
            }

            if (request.User is not null)
            {
                json.WriteString("user"u8, request.User);
            }
        });

    private static byte[] Gemini(EmbeddingRequest request, Deployment deployment) =>
        Json(json =>
        {
            json.WriteStartArray("requests"u8);
            foreach (var text in request.Inputs)
            {
                json.WriteStartObject();
                json.WriteString("model"u8, $"models/{deployment.Model}");
                json.WriteStartObject("content"u8);
                json.WriteStartArray("parts"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, text);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
                if (request.Dimensions is { } dimensions)
                {
                    json.WriteNumber("outputDimensionality"u8, dimensions);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static byte[] Ollama(EmbeddingRequest request, Deployment deployment) =>
        Json(json =>
        {
            json.WriteString("model"u8, deployment.Model);
            Texts(json, "input", request.Inputs);

            // Its default cuts long texts in silence.
            json.WriteBoolean("truncate"u8, value: false);
            if (request.Dimensions is { } dimensions)
            {
                json.WriteNumber("dimensions"u8, dimensions);
            }
        });

    private static EmbeddingAnswer ReadOpenAi(JsonElement root) =>
        new(
            root.Text("model") ?? "",
            [
                .. root.Items("data")
                    .OrderBy(item => item.Long("index"))
                    .Select(item => Vector(item.GetProperty("embedding"))),
            ],
            new() { Input = root.Child("usage")?.Long("prompt_tokens") ?? 0 }
        );

    // It says no counts.
    private static EmbeddingAnswer ReadGemini(JsonElement root) =>
        new(
            "",
            [.. root.Items("embeddings").Select(item => Vector(item.GetProperty("values")))],
            default
        );

    private static EmbeddingAnswer ReadOllama(JsonElement root) =>
        new(
            root.Text("model") ?? "",
            [.. root.Items("embeddings").Select(Vector)],
            new() { Input = root.Long("prompt_eval_count") }
        );

    private static float[] Vector(JsonElement numbers) =>
        [.. numbers.EnumerateArray().Select(number => number.GetSingle())];

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> body)
    {
        using var bytes = new PooledBuffer(4096);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return bytes.Span.ToArray();
    }
}
