using System.Text.Json;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>A value in a document.</summary>
internal readonly record struct SourceNode(SourceDocument Document, int Index)
{
    public SourceKind Kind => Document[Index].Kind;

    public int Line => Document[Index].Line;

    public bool IsObject => Kind == SourceKind.Object;

    public bool IsList => Kind == SourceKind.List;

    public bool IsText => Kind == SourceKind.Text;

    public string Text => Document.Text(Index);

    public string Pointer => Document.PointerTo(Index);

    public JsonElement ToElement() => JsonElement.Parse(Document.Json(Index));

    /// <summary>Writes the value as it is in the document.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case SourceKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in Properties())
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            case SourceKind.List:
                writer.WriteStartArray();
                foreach (var item in Items())
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            case SourceKind.Text:
                writer.WriteStringValue(Text);
                break;
            default:
                // Numbers keep the digits they were written with.
                writer.WriteRawValue(Document.Json(Index), skipInputValidation: true);
                break;
        }
    }

    /// <summary>The value of a property, or null; null also where this is no object.</summary>
    public SourceNode? Find(string name) =>
        IsObject && Document.Find(Index, name) is var found and >= 0
            ? new SourceNode(Document, found)
            : null;

    /// <summary>The properties of an object, in order; of anything else none.</summary>
    public IEnumerable<(string Name, SourceNode Value)> Properties()
    {
        if (!IsObject)
        {
            yield break;
        }

        for (var at = Index + 1; at < Document[Index].End; at = Document[at + 1].End)
        {
            yield return (Document.Text(at), new(Document, at + 1));
        }
    }

    /// <summary>The items of a list, in order; of anything else none.</summary>
    public IEnumerable<SourceNode> Items()
    {
        if (!IsList)
        {
            yield break;
        }

        for (var at = Index + 1; at < Document[Index].End; at = Document[at].End)
        {
            yield return new(Document, at);
        }
    }
}
