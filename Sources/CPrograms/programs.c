#include "CPrograms.h"

// Swift takes many times as long for an array literal of the same bytes.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char dask[] = {
#embed "Dask/dask.py"
  , '\n',
#embed "Dask/cluster.py"
  , '\n',
#embed "Dask/connection.py"
  , '\n',
#embed "Dask/reports.py"
  , '\n',
#embed "Dask/engine.py"
  , '\n',
#embed "Dask/driving.py"
  , 0};
const char *cprograms_dask(void) { return (const char *)dask; }

static const unsigned char tasks[] = {
#embed "Tasks/tasks.py"
  , '\n',
#embed "Tasks/runner.py"
  , '\n',
#embed "Tasks/commands.py"
  , '\n',
#embed "Tasks/functions.py"
  , '\n',
#embed "Tasks/serving.py"
  , 0};
const char *cprograms_tasks(void) { return (const char *)tasks; }

static const unsigned char host[] = {
#embed "Host/messages.py"
  , '\n',
#embed "Host/results.py"
  , '\n',
#embed "Host/meters.py"
  , '\n',
#embed "Host/libraries.py"
  , '\n',
#embed "Host/coroutines.py"
  , '\n',
#embed "Host/worker.py"
  , '\n',
#embed "Host/process.py"
  , '\n',
#embed "Host/loading.py"
  , '\n',
#embed "Host/forking.py"
  , '\n',
#embed "Host/ending.py"
  , '\n',
#embed "Host/hearing.py"
  , '\n',
#embed "Host/host.py"
  , '\n',
#embed "Host/main.py"
  , 0};
const char *cprograms_host(void) { return (const char *)host; }

static const unsigned char host_start[] = {
#embed "Host/start.py"
  , 0};
const char *cprograms_host_start(void) { return (const char *)host_start; }

static const unsigned char costs[] = {
#embed "Costs/start.py"
  , '\n',
#embed "Costs/starting.py"
  , '\n',
#embed "Costs/handing.py"
  , '\n',
#embed "Costs/computing.py"
  , '\n',
#embed "Costs/requests.py"
  , '\n',
#embed "Costs/memory.py"
  , '\n',
#embed "Costs/session.py"
  , 0};
const char *cprograms_costs(void) { return (const char *)costs; }
