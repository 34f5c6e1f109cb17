"""What the workers of gunicorn share with their master."""

import psutil


def test_workers_share_the_modules_that_their_master_imported(shop):
    for worker in shop.workers():
        memory = psutil.Process(worker.pid).memory_full_info()
        assert memory.uss < memory.rss / 2
