using ApiSvc.AiAdapter;
using ApiSvc.AiAdapter.Mcp;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Endpoints;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("aidb");
builder.AddAiConfiguration();
builder.AddBudgets();
builder.AddServing();

// Without Redis budgets go on within their shares, and the spool keeps what Kafka does not take.
builder.AddDispensable(() =>
{
    builder.AddRedisClient("redis");
    builder.AddUsageRecords("kafka");
});
builder.AddMcp();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAiManagement();
app.MapServing();
app.MapMcp();
return await app.RunServiceAsync(args);
