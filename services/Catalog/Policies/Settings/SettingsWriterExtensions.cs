using System.Text.Json;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>What the forms write, each in one way.</summary>
internal static class SettingsWriterExtensions
{
    /// <summary>Writes a list, if there is anything in it.</summary>
    public static void WriteTexts(
        this Utf8JsonWriter writer,
        string name,
        IReadOnlyCollection<string> texts,
        bool always = false
    )
    {
        if (texts.Count == 0 && !always)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes text, if there is any.</summary>
    public static void WriteText(this Utf8JsonWriter writer, string name, string text)
    {
        if (text.Length > 0)
        {
            writer.WriteString(name, text);
        }
    }
}
