using System.Text;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Names the places in what is read, as <see cref="Problems.Violation.Location"/> has them.</summary>
internal abstract class JsonPlace
{
    /// <summary>A JSON body: a pointer in a URI fragment (RFC 6901 section 6).</summary>
    public static JsonPlace Body { get; } = new BodyPlace();

    /// <summary>A query string read as an object.</summary>
    public static JsonPlace Query { get; } = new QueryPlace();

    /// <summary>The whole.</summary>
    public abstract string Root { get; }

    /// <summary>A member or element of what is at <paramref name="parent"/>.</summary>
    public abstract string Child(string parent, string segment);

    private sealed class BodyPlace : JsonPlace
    {
        public override string Root => "#";

        public override string Child(string parent, string segment)
        {
            var escaped = new StringBuilder(segment).Replace("~", "~0").Replace("/", "~1");
            return $"{parent}/{Uri.EscapeDataString(escaped.ToString())}";
        }
    }

    private sealed class QueryPlace : JsonPlace
    {
        public override string Root => "query:";

        // A repeated parameter's values share its name.
        public override string Child(string parent, string segment) =>
            parent == Root ? Root + segment : parent;
    }
}
