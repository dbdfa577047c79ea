using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// What one request cannot say to its deployment. A thing that would change the answer is refused with the
/// client's name for it; a parameter may be left out with a warning where the deployment says so.
/// </summary>
internal sealed class RequestWriting(HubRequest request, WriteContext context)
{
    private readonly List<RequestProblem> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly SortedSet<string> _links = new(StringComparer.Ordinal);

    public HubRequest Request => request;

    public Deployment Deployment => context.Deployment;

    public ModelTraits Traits => Deployment.Traits;

    /// <summary>A parameter the deployment cannot take.</summary>
    public void Lacks(Feature feature, string? because = null)
    {
        var field = FieldNames.Of(request.Source.Format, feature);
        var message =
            $"{Deployment.Model} at {Deployment.Provider.Name} does not take this{because}.";
        if (Deployment.DropUnsupported)
        {
            _warnings.Add($"{field} was left out: {message}");
        }
        else
        {
            Refuse(field, message);
        }
    }

    /// <summary>Refuses a parameter if the client set it.</summary>
    public void Lacks(bool isSet, Feature feature)
    {
        if (isSet)
        {
            Lacks(feature);
        }
    }

    /// <summary>A part of the content that cannot be left out.</summary>
    public void Refuse(string path, string message) =>
        _problems.Add(new(path, message, ProblemReason.Unsupported));

    public void Warn(string warning) => _warnings.Add(warning);

    public void RefuseBlock(Block block, string what) =>
        Refuse(block.At, $"{Deployment.Provider.Name} takes no {what} here.");

    /// <summary>An image or document as bytes; null, and noted, while it has still to be fetched.</summary>
    public Media.Inline? Inline(Block block, Media media)
    {
        switch (media)
        {
            case Media.Inline inline:
                return inline;
            case Media.Link link when request.Fetched.TryGetValue(link.Url, out var fetched):
                return fetched;
            case Media.Link link:
                _links.Add(link.Url);
                return null;
            case Media.PlainText text:
                return new("text/plain", Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text)));
            default:
                RefuseBlock(block, "files kept at another provider");
                return null;
        }
    }

    /// <summary>Refuses what every family without the client's own format has to.</summary>
    public void CheckExtras()
    {
        foreach (var extra in request.Extras.Where(extra => !extra.Harmless))
        {
            if (Deployment.DropUnsupported)
            {
                Warn(
                    $"{extra.Name} was left out: it has no meaning at {Deployment.Provider.Name}."
                );
            }
            else
            {
                Refuse(extra.Name, $"Has no equivalent at {Deployment.Provider.Name}.");
            }
        }

        if (!Traits.Tools && request.Tools.Count > 0)
        {
            Refuse(
                FieldNames.Of(request.Source.Format, Feature.Tools),
                $"{Deployment.Model} cannot call tools."
            );
        }

        if (!Traits.StructuredOutput && request.Output is OutputFormat.Schema)
        {
            Refuse(
                FieldNames.Of(request.Source.Format, Feature.StructuredOutput),
                $"{Deployment.Model} cannot keep to a JSON schema."
            );
        }
    }

    /// <summary>The sampling parameters to send: none for a model that takes none.</summary>
    public Sampling TakeSampling()
    {
        var sampling = request.Sampling;
        if (Traits.Sampling)
        {
            return sampling;
        }

        // The default value changes nothing: it may be left out.
        Lacks(sampling.Temperature is not (null or 1), Feature.Temperature);
        Lacks(sampling.TopP is not (null or 1), Feature.TopP);
        Lacks(sampling.TopK is not null, Feature.TopK);
        return sampling with { Temperature = null, TopP = null, TopK = null };
    }

    /// <summary>Tools as the client wrote them for the same format.</summary>
    public IEnumerable<ForeignTool> OwnTools(string format) =>
        request.Tools.OfType<ForeignTool>().Where(tool => tool.Format == format);

    /// <summary>The function tools; one of another format's own kind is refused.</summary>
    public IEnumerable<FunctionTool> Functions(string format)
    {
        foreach (var tool in request.Tools)
        {
            if (tool is FunctionTool function)
            {
                yield return function;
            }
            else if (tool is ForeignTool foreign && foreign.Format != format)
            {
                Refuse(
                    FieldNames.Of(request.Source.Format, Feature.Tools),
                    $"Tools of type '{foreign.Type}' do not exist at {Deployment.Provider.Name}."
                );
            }
        }
    }

    /// <summary>An opaque part if this deployment made it; else null.</summary>
    public Opaque? Own(Opaque? opaque, string family) =>
        opaque?.BelongsTo(Deployment.Provenance, family) == true ? opaque : null;

    public WriteOutcome Done(Func<byte[], ProviderRequest> address, Action<Utf8JsonWriter> body)
    {
        using var bytes = new PooledBuffer(4096);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            body(json);
        }

        if (_problems.Count > 0)
        {
            return new WriteOutcome.Refused(_problems);
        }

        return _links.Count > 0
            ? new WriteOutcome.NeedsMedia([.. _links])
            : new WriteOutcome.Ready(
                address(bytes.Span.ToArray()) with
                {
                    Warnings = [.. _warnings],
                }
            );
    }
}
