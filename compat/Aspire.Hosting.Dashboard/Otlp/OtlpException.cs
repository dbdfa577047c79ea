namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>An export that cannot be taken, with the HTTP status to answer.</summary>
internal sealed class OtlpException(int status, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public int Status => status;
}
