using System.Runtime.InteropServices;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>
/// Gemini's counts: input includes what is cached, output leaves thoughts out. They come with every event, so
/// they are read without a document.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct GeminiUsage
{
    private long _prompt;
    private long _toolPrompt;
    private long _cached;
    private long _candidates;
    private long _thoughts;
    private Modalities _promptParts;
    private Modalities _cachedParts;
    private Modalities _candidateParts;

    /// <summary>Reads an object whose start the reader stands on.</summary>
    public static Usage Read(ref Utf8JsonReader reader)
    {
        var found = default(GeminiUsage);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            found.Property(ref reader);
        }

        return new()
        {
            Input = found._prompt + found._toolPrompt,
            CachedInput = found._cached,
            AudioInput = found._promptParts.Audio,
            CachedAudioInput = found._cachedParts.Audio,
            ImageInput = found._promptParts.Image,
            Output = found._candidates + found._thoughts,
            Reasoning = found._thoughts,
            AudioOutput = found._candidateParts.Audio,
            ImageOutput = found._candidateParts.Image,
        };
    }

    private void Property(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("promptTokenCount"u8))
        {
            _prompt = Number(ref reader);
        }
        else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8))
        {
            _toolPrompt = Number(ref reader);
        }
        else if (reader.ValueTextEquals("cachedContentTokenCount"u8))
        {
            _cached = Number(ref reader);
        }
        else if (reader.ValueTextEquals("candidatesTokenCount"u8))
        {
            _candidates = Number(ref reader);
        }
        else if (reader.ValueTextEquals("thoughtsTokenCount"u8))
        {
            _thoughts = Number(ref reader);
        }
        else if (reader.ValueTextEquals("promptTokensDetails"u8))
        {
            _promptParts = Modalities.Read(ref reader);
        }
        else if (reader.ValueTextEquals("cacheTokensDetails"u8))
        {
            _cachedParts = Modalities.Read(ref reader);
        }
        else if (reader.ValueTextEquals("candidatesTokensDetails"u8))
        {
            _candidateParts = Modalities.Read(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
        {
            return number;
        }

        reader.Skip();
        return 0;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Modalities
    {
        public long Audio { get; private set; }

        public long Image { get; private set; }

        public static Modalities Read(ref Utf8JsonReader reader)
        {
            var found = default(Modalities);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                return found;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                found.Item(ref reader);
            }

            return found;
        }

        private void Item(ref Utf8JsonReader reader)
        {
            var isAudio = false;
            var isImage = false;
            var tokens = 0L;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("tokenCount"u8))
                {
                    tokens = Number(ref reader);
                    continue;
                }

                var isModality = reader.ValueTextEquals("modality"u8);
                reader.Read();
                if (isModality && reader.TokenType == JsonTokenType.String)
                {
                    isAudio = reader.ValueTextEquals("AUDIO"u8);
                    isImage = reader.ValueTextEquals("IMAGE"u8);
                }

                reader.Skip();
            }

            Audio += isAudio ? tokens : 0;
            Image += isImage ? tokens : 0;
        }
    }
}
