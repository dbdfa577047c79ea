using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Export;

/// <summary>
/// The document with servers and security as the gateway offers them; the rest as imported. OpenAPI 2.0 becomes 3.0,
/// since it has room for one server only.
/// </summary>
internal static class ServedDocument
{
    /// <param name="document">As stored.</param>
    /// <exception cref="InvalidOperationException">It is none that <see cref="SpecificationImport"/> reads.</exception>
    public static byte[] Write(
        ReadOnlyMemory<byte> document,
        GatewayOffer offer,
        DocumentSyntax syntax
    )
    {
        var source = Open(document);
        var (format, _, refusal) = SpecificationImport.FormatOf(source);
        if (refusal is not null)
        {
            throw new InvalidOperationException(refusal.Message);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new()
                {
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                    Indented = true,
                    SkipValidation = true,
                }
            )
        )
        {
            if (format == SpecificationFormat.Swagger20)
            {
                new SwaggerUpgrade(source, offer, writer).Write();
            }
            else
            {
                new ServedWriter(offer, writer).Write(source.Root);
            }
        }

        return syntax == DocumentSyntax.Json
            ? buffer.WrittenSpan.ToArray()
            : YamlWriter.Write(Open(buffer.WrittenMemory));
    }

    private static SourceDocument Open(ReadOnlyMemory<byte> document)
    {
        // What the gateway adds may bring a document over the limits of an import.
        var limits = ImportLimits.Default with
        {
            MaxBytes = int.MaxValue,
            MaxNodes = int.MaxValue / 64,
        };
        var (source, problem) = SourceText.Read(document, limits, new(limits.MaxFindings), default);
        return source ?? throw new InvalidOperationException(problem!.Message);
    }
}
